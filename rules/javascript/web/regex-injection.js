const _ = require("lodash");
const app = require("express")();

app.get("/search", (req, res) => {
  // ruleid: javascript.web.regex-injection
  const first = new RegExp(req.query.q, "i");
  // ruleid: javascript.web.regex-injection
  const second = RegExp("^" + req.params.prefix);
  const text = `.*${req.body.word}.*`;
  // ruleid: javascript.web.regex-injection
  const third = new RegExp(text);
  // ok: javascript.web.regex-injection
  new RegExp(_.escapeRegExp(req.query.q), "i");
  // ok: javascript.web.regex-injection
  new RegExp("^[a-z]+$");
  // ok: javascript.web.regex-injection
  names.filter((name) => name.includes(req.query.q));
  res.json({ first, second, third });
});
