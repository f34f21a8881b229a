const jwt = require("jsonwebtoken");
// ruleid: javascript.node.jwt-hard-coded-key
jwt.sign(data, "hunter42x");
// ruleid: javascript.node.jwt-hard-coded-key
jwt.verify(text, "hunter42x", { algorithms: ["HS256"] });
// ruleid: javascript.node.jwt-hard-coded-key
new JwtStrategy({ secretOrKey: "hunter42x" }, check);
// ok: javascript.node.jwt-hard-coded-key
jwt.sign(data, process.env.JWT_KEY);
// ok: javascript.node.jwt-hard-coded-key
jwt.verify(text, key);
// ok: javascript.node.jwt-hard-coded-key
cache.sign(data, "hunter42x");
