const app = require("express")();

app.get("/search", (req, res) => {
  // ruleid: javascript.web.log-injection
  console.log("search for " + req.query.q);
  // ruleid: javascript.web.log-injection
  logger.info(`user ${req.body.name}`);
  // ruleid: javascript.web.log-injection
  console.error("bad header", req.headers.accept);
  // ok: javascript.web.log-injection
  console.log("search for " + JSON.stringify(req.query.q));
  // ok: javascript.web.log-injection
  console.log("search");
  // ok: javascript.web.log-injection
  console.log("search for " + req.query.q.replace(/[\r\n]/g, " "));
  res.end();
});
