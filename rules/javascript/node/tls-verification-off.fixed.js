const https = require("https");

// ruleid: javascript.node.tls-verification-off
const a = new https.Agent({ rejectUnauthorized: true });
// ruleid: javascript.node.tls-verification-off
https.get("https://example.org", { rejectUnauthorized: true, timeout: 5 });
// ruleid: javascript.node.tls-verification-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

// ok: javascript.node.tls-verification-off
const b = new https.Agent({ rejectUnauthorized: true });
// ok: javascript.node.tls-verification-off
const c = new https.Agent({ ca: "pem" });
// ok: javascript.node.tls-verification-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
