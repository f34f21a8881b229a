// ruleid: javascript.express.session-without-cookie-options
app.use(session({ secret: key, resave: false }));
// ruleid: javascript.express.session-without-cookie-options
app.use(session({ name: "sid", secret: key }));
// ruleid: javascript.express.session-without-cookie-options
app.use(expressSession({ secret: key }));
// ok: javascript.express.session-without-cookie-options
app.use(session({ secret: key, cookie: { secure: true } }));
// ok: javascript.express.session-without-cookie-options
app.use(expressSession({ secret: key, cookie: options }));
// ok: javascript.express.session-without-cookie-options
app.use(session({ store: store }));
