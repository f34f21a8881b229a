const app = require("express")();

app.get("/login", (req, res) => {
  // ruleid: javascript.web.open-redirect
  res.redirect(req.query.next);
  const target = req.body.target || "/";
  // ruleid: javascript.web.open-redirect
  res.redirect(302, target);
  // ruleid: javascript.web.open-redirect
  res.setHeader("Location", req.query.next);
  // ruleid: javascript.web.open-redirect
  res.redirect("/" + req.query.next);
  // ok: javascript.web.open-redirect
  res.redirect("/user/" + req.params.id);
  // ok: javascript.web.open-redirect
  res.redirect(`/search?q=${req.query.q}`);
  // ok: javascript.web.open-redirect
  res.redirect("/home");
  // ok: javascript.web.open-redirect
  res.redirect("https://example.com/" + req.query.page);
});
