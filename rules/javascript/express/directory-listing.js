// ruleid: javascript.express.directory-listing
app.use("/files", serveIndex("files"));
// ruleid: javascript.express.directory-listing
app.use(express.static("files", { dotfiles: "allow" }));
// ruleid: javascript.express.directory-listing
app.use("/x", express.static("x"), serveIndex("x", { icons: true }));
// ok: javascript.express.directory-listing
app.use(express.static("files"));
// ok: javascript.express.directory-listing
app.use(express.static("files", { dotfiles: "ignore" }));
// ok: javascript.express.directory-listing
app.use(index("files"));
