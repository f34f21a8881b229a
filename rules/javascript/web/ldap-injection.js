const ldap = require("ldapjs");
const client = ldap.createClient({ url: "ldap://127.0.0.1" });

app.get("/find", (req, res) => {
  // ruleid: javascript.web.ldap-injection
  client.search("dc=example", { filter: "(uid=" + req.query.name + ")", scope: "sub" }, done);
  // ruleid: javascript.web.ldap-injection
  client.search(`ou=${req.query.unit},dc=example`, { scope: "sub" }, done);
  // ruleid: javascript.web.ldap-injection
  ldap.parseFilter(`(cn=${req.body.name})`);
  // ok: javascript.web.ldap-injection
  client.search("dc=example", { filter: new ldap.EqualityFilter({ attribute: "uid", value: req.query.name }) }, done);
  // ok: javascript.web.ldap-injection
  client.search("dc=example", { filter: "(uid=" + escapeFilter(req.query.name) + ")" }, done);
  // ok: javascript.web.ldap-injection
  client.search("dc=example", { filter: "(uid=" + Number(req.query.id) + ")" }, done);
  // ok: javascript.web.ldap-injection
  shop.search({ text: req.query.name });
});
