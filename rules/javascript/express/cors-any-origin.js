// ruleid: javascript.express.cors-any-origin
app.use(cors({ origin: true, credentials: true }));
// ruleid: javascript.express.cors-any-origin
app.use(cors({ credentials: true, origin: "*" }));
// ruleid: javascript.express.cors-any-origin
res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
// ok: javascript.express.cors-any-origin
app.use(cors({ origin: "https://example.com", credentials: true }));
// ok: javascript.express.cors-any-origin
app.use(cors({ origin: "*" }));
// ok: javascript.express.cors-any-origin
res.setHeader("Access-Control-Allow-Origin", "https://example.com");
