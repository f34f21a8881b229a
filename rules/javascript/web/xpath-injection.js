const xpath = require("xpath");
const app = require("express")();

app.get("/user", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript.web.xpath-injection
  const first = xpath.select("//user[name='" + name + "']", tree);
  // ruleid: javascript.web.xpath-injection
  const second = xpath.evaluate(`//user[@id='${req.params.id}']`, tree, null, 0, null);
  // ruleid: javascript.web.xpath-injection
  const third = xpath.parse("//" + req.body.tag);
  // ok: javascript.web.xpath-injection
  xpath.select("//user", tree);
  // ok: javascript.web.xpath-injection
  xpath.parse("//user[name=$name]").select({ node: tree, variables: { name } });
  const place = parseInt(req.query.place, 10);
  // ok: javascript.web.xpath-injection
  xpath.select("//user[" + place + "]", tree);
  res.json({ first, second, third });
});
