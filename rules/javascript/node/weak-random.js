// ruleid: javascript.node.weak-random
const token = Math.random().toString(36);
// ruleid: javascript.node.weak-random
let sessionId = "s" + Math.random();
// ruleid: javascript.node.weak-random
user.password = Math.floor(Math.random() * 1e9);
// ok: javascript.node.weak-random
const delay = Math.random() * 10;
// ok: javascript.node.weak-random
const secret = crypto.randomBytes(16);
// ok: javascript.node.weak-random
const index = Math.floor(Math.random() * 3);
