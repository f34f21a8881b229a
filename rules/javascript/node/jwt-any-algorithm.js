const jwt = require("jsonwebtoken");

// ruleid: javascript.node.jwt-any-algorithm
jwt.verify(token, key);
// ruleid: javascript.node.jwt-any-algorithm
jwt.verify(token, key, { issuer: "me" });
// ruleid: javascript.node.jwt-any-algorithm
jwt.verify(token, key, (error, claims) => { use(claims); });
// ok: javascript.node.jwt-any-algorithm
jwt.verify(token, key, { algorithms: ["RS256"] });
// ok: javascript.node.jwt-any-algorithm
jwt.sign(claims, key);
// ok: javascript.node.jwt-any-algorithm
form.verify(token, key);
