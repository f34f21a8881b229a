const cp = require("child_process");
const { exec, spawn, execFile } = require("child_process");
const app = require("express")();

app.get("/ping", (req, res) => {
  const host = req.query.host;
  // ruleid: javascript.web.command-injection
  cp.exec("ping -c 1 " + host);
  // ruleid: javascript.web.command-injection
  exec(`ping -c 1 ${host}`, (error, out) => res.json({ out }));
  // ruleid: javascript.web.command-injection
  spawn(req.body.tool, ["--version"]);
  // ruleid: javascript.web.command-injection
  spawn("ping", [host], { shell: true });
  // ok: javascript.web.command-injection
  execFile("ping", ["-c", "1", host]);
  // ok: javascript.web.command-injection
  spawn("ping", ["-c", "1", host]);
  const found = /^[a-z]+$/.exec(host);
  // ok: javascript.web.command-injection
  exec("ping -c 1 localhost");
  const count = Number(req.query.count);
  // ok: javascript.web.command-injection
  exec("ping localhost -c " + count);
  res.json({ found });
});
