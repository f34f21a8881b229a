const _ = require("lodash");
const app = require("express")();
const settings = {};

app.post("/settings", (req, res) => {
  // ruleid: javascript.web.prototype-pollution
  _.merge(settings, req.body);
  // ruleid: javascript.web.prototype-pollution
  _.defaultsDeep({}, req.body.options);
  // ruleid: javascript.web.prototype-pollution
  _.set(settings, req.query.path, "on");
  // ok: javascript.web.prototype-pollution
  _.merge(other, { theme: "dark" });
  // ok: javascript.web.prototype-pollution
  _.set(settings, "theme.name", req.body.name);
  // ok: javascript.web.prototype-pollution
  settings["theme"]["name"] = req.body.name;
  const index = Number(req.body.index);
  // ok: javascript.web.prototype-pollution
  settings[index].name = req.body.name;
  res.end();
});
