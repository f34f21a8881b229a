const bcrypt = require("bcrypt");
const crypto = require("crypto");

// ruleid: javascript.node.password-hash-too-cheap
bcrypt.hashSync(word, 5);
// ruleid: javascript.node.password-hash-too-cheap
bcrypt.genSaltSync(4);
// ruleid: javascript.node.password-hash-too-cheap
crypto.pbkdf2Sync(word, salt, 1000, 64, "sha512");
// ok: javascript.node.password-hash-too-cheap
bcrypt.hashSync(word, 12);
// ok: javascript.node.password-hash-too-cheap
crypto.pbkdf2Sync(word, salt, 600000, 64, "sha512");
// ok: javascript.node.password-hash-too-cheap
other.hashSync(word, 5);
