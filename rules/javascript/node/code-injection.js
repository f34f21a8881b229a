const vm = require("vm");

function flawed(text) {
  // ruleid: javascript.node.code-from-variable
  eval(text);
  // ruleid: javascript.node.code-from-variable
  const f = new Function("a", text);
  // ruleid: javascript.node.code-from-variable
  vm.runInNewContext(text, {});
  return f;
}

function sound(text, table) {
  // ok: javascript.node.code-from-variable
  const a = JSON.parse(text);
  // ok: javascript.node.code-from-variable
  const b = eval("1 + 1");
  // ok: javascript.node.code-from-variable
  table.eval(text);
  return [a, b];
}
