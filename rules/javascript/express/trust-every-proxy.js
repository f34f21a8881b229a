// ruleid: javascript.express.trust-every-proxy
app.set("trust proxy", true);
// ruleid: javascript.express.trust-every-proxy
app.enable("trust proxy");
// ruleid: javascript.express.trust-every-proxy
const server = fastify({ logger: true, trustProxy: true });
// ok: javascript.express.trust-every-proxy
app.set("trust proxy", "loopback");
// ok: javascript.express.trust-every-proxy
app.set("trust proxy", 1);
// ok: javascript.express.trust-every-proxy
app.set("view cache", true);
