const vm = require("vm");
const app = require("express")();

app.post("/sum", (req, res) => {
  // ruleid: javascript.web.code-injection
  const total = eval(req.body.formula);
  const text = "return " + req.body.formula;
  // ruleid: javascript.web.code-injection
  const compute = new Function("a", text);
  // ruleid: javascript.web.code-injection
  vm.runInNewContext(`x = ${req.query.x}`, {});
  // ruleid: javascript.web.code-injection
  const plugin = require("./plugins/" + req.params.name);
  // ok: javascript.web.code-injection
  const data = JSON.parse(req.body.formula);
  // ok: javascript.web.code-injection
  eval("1 + 1");
  const count = Number(req.query.count);
  // ok: javascript.web.code-injection
  vm.runInNewContext("x = " + count, {});
  res.json({ total, compute, plugin, data });
});
