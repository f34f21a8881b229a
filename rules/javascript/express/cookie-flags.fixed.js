// ruleid: javascript.express.cookie-flags
res.cookie("a", value, { httpOnly: true });
// ruleid: javascript.express.cookie-flags
res.cookie("a", value, { secure: true, maxAge: 1 });
// ruleid: javascript.express.cookie-flags
app.use(session({ secret: key, cookie: { secure: true } }));
// ok: javascript.express.cookie-flags
res.cookie("a", value, { httpOnly: true, secure: true });
// ok: javascript.express.cookie-flags
app.use(session({ secret: key, cookie: { secure: true } }));
// ok: javascript.express.cookie-flags
connect({ secure: false });
