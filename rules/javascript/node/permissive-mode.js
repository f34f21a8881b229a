const fs = require("fs");
// ruleid: javascript.node.permissive-mode
fs.chmodSync("a", 0o777);
// ruleid: javascript.node.permissive-mode
fs.chmod("a", 0o666, done);
// ruleid: javascript.node.permissive-mode
fs.chmodSync("a", "777");
// ok: javascript.node.permissive-mode
fs.chmodSync("a", 0o755);
// ok: javascript.node.permissive-mode
fs.chmodSync("a", "600");
// ok: javascript.node.permissive-mode
other.chmodSync("a", 0o777);
