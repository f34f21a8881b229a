// ruleid: javascript.node.module-from-variable
app.get("/one", (req, res) => { require(req.query.name); });
// ruleid: javascript.node.module-from-variable
app.get("/two", (req, res) => { require("./plugins/" + req.params.name); });
// ruleid: javascript.node.module-from-variable
app.post("/three", function (req, res) { require(`./x/${req.body.name}`); });
// ok: javascript.node.module-from-variable
app.get("/four", (req, res) => { require("./plugins/fixed"); });
// ok: javascript.node.module-from-variable
app.get("/five", (req, res) => { require(table[0]); });
// ok: javascript.node.module-from-variable
app.get("/six", (req, res) => { load(req.query.name); });
