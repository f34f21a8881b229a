// ruleid: javascript.express.upload-without-limit
const a = multer({ dest: "uploads/" });
// ruleid: javascript.express.upload-without-limit
app.use(fileUpload());
// ruleid: javascript.express.upload-without-limit
app.use(fileUpload({ createParentPath: true }));
// ok: javascript.express.upload-without-limit
const d = multer({ dest: "uploads/", limits: { fileSize: 1e6 } });
// ok: javascript.express.upload-without-limit
app.use(fileUpload({ limits: { fileSize: 1e6 } }));
// ok: javascript.express.upload-without-limit
const f = upload({ dest: "uploads/" });
