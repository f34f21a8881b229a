// ruleid: javascript.express.session-hard-coded-key
app.use(session({ secret: "hunter42x", resave: false }));
// ruleid: javascript.express.session-hard-coded-key
app.use(session({ secret: ["hunter42x"] }));
// ruleid: javascript.express.session-hard-coded-key
app.use(cookieParser("hunter42x"));
// ok: javascript.express.session-hard-coded-key
app.use(session({ secret: process.env.SESSION_KEY }));
// ok: javascript.express.session-hard-coded-key
app.use(cookieParser());
// ok: javascript.express.session-hard-coded-key
connect({ secret: "hunter42x" });
