const crypto = require("crypto");
// ruleid: javascript.node.weak-hash
crypto.createHash("md5");
// ruleid: javascript.node.weak-hash
crypto.createHash("SHA1").update(text);
// ruleid: javascript.node.weak-hash
const h = crypto.createHash("md4");
// ok: javascript.node.weak-hash
crypto.createHash("sha256");
// ok: javascript.node.weak-hash
crypto.createHash(name);
// ok: javascript.node.weak-hash
md5.create("md5");
