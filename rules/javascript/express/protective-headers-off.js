// ruleid: javascript.express.protective-headers-off
app.use(helmet({ contentSecurityPolicy: false }));
// ruleid: javascript.express.protective-headers-off
app.use(helmet({ hsts: false, noSniff: true }));
// ruleid: javascript.express.protective-headers-off
app.use(helmet({ frameguard: false }));
// ok: javascript.express.protective-headers-off
app.use(helmet());
// ok: javascript.express.protective-headers-off
app.use(helmet({ hsts: { maxAge: 31536000 } }));
// ok: javascript.express.protective-headers-off
app.use(other({ hsts: false }));
