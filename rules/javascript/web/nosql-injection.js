const User = require("./user");
const app = require("express")();

app.post("/login", async (req, res) => {
  // ruleid: javascript.web.nosql-injection
  const user = await User.findOne({ name: req.body.name, active: true });
  // ruleid: javascript.web.nosql-injection
  await User.deleteMany({ mail: req.body.mail });
  // ruleid: javascript.web.nosql-injection
  const all = await User.find(req.query);
  const password = req.body.password;
  // ruleid: javascript.web.nosql-injection
  await User.updateOne({ password: password }, { seen: 1 });
  // ok: javascript.web.nosql-injection
  await User.findOne({ name: String(req.body.name) });
  // ok: javascript.web.nosql-injection
  await User.findOne({ name: req.body.name.toString() });
  // ok: javascript.web.nosql-injection
  await User.findOne({ name: `${req.body.name}` });
  // ok: javascript.web.nosql-injection
  await User.create({ name: req.body.name });
  res.json({ user, all });
});
