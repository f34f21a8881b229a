const ejs = require("ejs");
const pug = require("pug");
const nunjucks = require("nunjucks");
const app = require("express")();

app.get("/card", (req, res) => {
  // ruleid: javascript.web.template-injection
  const first = ejs.render("<h1>" + req.query.title + "</h1>");
  // ruleid: javascript.web.template-injection
  const second = pug.compile(req.body.layout);
  const text = `Hello ${req.params.name}`;
  // ruleid: javascript.web.template-injection
  const third = nunjucks.renderString(text, {});
  // ok: javascript.web.template-injection
  ejs.render("<h1><%= title %></h1>", { title: req.query.title });
  // ok: javascript.web.template-injection
  nunjucks.renderString("Hello {{ name }}", { name: req.params.name });
  // ok: javascript.web.template-injection
  pug.compile("h1 Hello");
  res.json({ first, second, third });
});
