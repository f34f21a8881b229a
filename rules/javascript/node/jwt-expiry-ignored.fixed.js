const jwt = require("jsonwebtoken");
// ruleid: javascript.node.jwt-expiry-ignored
jwt.verify(text, key, { ignoreExpiration: false });
// ruleid: javascript.node.jwt-expiry-ignored
jwt.verify(text, key, { algorithms: ["RS256"], ignoreExpiration: false }, done);
// ruleid: javascript.node.jwt-expiry-ignored
new JwtStrategy({ ignoreExpiration: false, secretOrKey: key }, check);
// ok: javascript.node.jwt-expiry-ignored
jwt.verify(text, key, { ignoreExpiration: false });
// ok: javascript.node.jwt-expiry-ignored
jwt.verify(text, key);
// ok: javascript.node.jwt-expiry-ignored
cache.verify({ ignoreExpiration: true });
