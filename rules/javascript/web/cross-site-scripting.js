const escapeHtml = require("escape-html");
const app = require("express")();

app.get("/hello", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript.web.cross-site-scripting
  res.send("<h1>Hello " + name + "</h1>");
  // ruleid: javascript.web.cross-site-scripting
  res.write(`<p>${req.params.title}</p>`);
  const page = "<b>" + req.body.text + "</b>";
  // ruleid: javascript.web.cross-site-scripting
  res.status(404).send(page);
  // ruleid: javascript.web.cross-site-scripting
  res.end(name);
  // ok: javascript.web.cross-site-scripting
  res.send("<h1>Hello " + escapeHtml(name) + "</h1>");
  // ok: javascript.web.cross-site-scripting
  res.send({ name });
  // ok: javascript.web.cross-site-scripting
  res.json({ name });
  // ok: javascript.web.cross-site-scripting
  res.send(findUser(name));
  // ok: javascript.web.cross-site-scripting
  res.send(req.body);
});
