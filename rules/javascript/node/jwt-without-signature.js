const jwt = require("jsonwebtoken");
// ruleid: javascript.node.jwt-without-signature
jwt.verify(text, key, { algorithms: ["none"] });
// ruleid: javascript.node.jwt-without-signature
jwt.sign(data, "", { algorithm: "none" });
// ruleid: javascript.node.jwt-without-signature
jwt.verify(text, "");
// ok: javascript.node.jwt-without-signature
jwt.verify(text, key, { algorithms: ["RS256"] });
// ok: javascript.node.jwt-without-signature
jwt.sign(data, key, { algorithm: "ES256" });
// ok: javascript.node.jwt-without-signature
jwt.verify(text, key);
