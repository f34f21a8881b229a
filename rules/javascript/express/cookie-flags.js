// ruleid: javascript.express.cookie-flags
res.cookie("a", value, { httpOnly: false });
// ruleid: javascript.express.cookie-flags
res.cookie("a", value, { secure: false, maxAge: 1 });
// ruleid: javascript.express.cookie-flags
app.use(session({ secret: key, cookie: { secure: false } }));
// ok: javascript.express.cookie-flags
res.cookie("a", value, { httpOnly: true, secure: true });
// ok: javascript.express.cookie-flags
app.use(session({ secret: key, cookie: { secure: true } }));
// ok: javascript.express.cookie-flags
connect({ secure: false });
