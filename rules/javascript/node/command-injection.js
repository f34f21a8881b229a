const cp = require("child_process");

function flawed(host) {
  // ruleid: javascript.node.shell-command-from-variable
  cp.exec("ping " + host);
  // ruleid: javascript.node.shell-command-from-variable
  cp.exec(`ping ${host}`, () => {});
  // ruleid: javascript.node.shell-command-from-variable
  cp.execSync("ping " + host);
}

function sound(host, pattern) {
  // ok: javascript.node.shell-command-from-variable
  cp.execFile("ping", [host]);
  // ok: javascript.node.shell-command-from-variable
  cp.exec("ping localhost");
  // ok: javascript.node.shell-command-from-variable
  pattern.test("ping " + host);
}
