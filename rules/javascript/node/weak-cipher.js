const crypto = require("crypto");
// ruleid: javascript.node.weak-cipher
crypto.createCipheriv("des-ede3-cbc", key, iv);
// ruleid: javascript.node.weak-cipher
crypto.createCipheriv("aes-128-ecb", key, null);
// ruleid: javascript.node.weak-cipher
crypto.createCipher("aes192", "password");
// ok: javascript.node.weak-cipher
crypto.createCipheriv("aes-256-gcm", key, iv);
// ok: javascript.node.weak-cipher
crypto.createCipheriv(name, key, iv);
// ok: javascript.node.weak-cipher
other.createCipher("aes192");
