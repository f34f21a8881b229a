const app = require("express")();

app.get("/file", (req, res) => {
  // ruleid: javascript.web.header-injection
  res.setHeader("Content-Type", req.query.type);
  // ruleid: javascript.web.header-injection
  res.set(req.query.name, "1");
  // ruleid: javascript.web.header-injection
  res.append("Set-Cookie", "theme=" + req.body.theme);
  // ok: javascript.web.header-injection
  res.setHeader("Content-Type", "text/html");
  // ok: javascript.web.header-injection
  res.setHeader("X-Title", encodeURIComponent(req.query.title));
  // ok: javascript.web.header-injection
  cache.set(req.query.name, "1");
  res.end();
});
