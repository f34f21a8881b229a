app.post("/users", async (req, res) => {
  // ruleid: javascript.web.mass-assignment
  await User.create(req.body);
  // ruleid: javascript.web.mass-assignment
  await models.User.findByIdAndUpdate(req.user.id, req.body);
  // ruleid: javascript.web.mass-assignment
  const account = new Account({ ...req.body, active: true });
  // ok: javascript.web.mass-assignment
  await User.create({ name: req.body.name, mail: req.body.mail });
  const picked = pick(req.body, ["name", "mail"]);
  // ok: javascript.web.mass-assignment
  await User.create(picked);
  // ok: javascript.web.mass-assignment
  throw new ValidationError(req.body);
});
