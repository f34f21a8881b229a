const fs = require("fs");
const path = require("path");
const app = require("express")();

app.get("/file", (req, res) => {
  // ruleid: javascript.web.path-traversal
  fs.readFile("./files/" + req.query.name, (error, data) => res.end(data));
  const target = path.join(__dirname, "files", req.params.name);
  // ruleid: javascript.web.path-traversal
  const stream = fs.createReadStream(target);
  // ruleid: javascript.web.path-traversal
  res.sendFile(target);
  // ruleid: javascript.web.path-traversal
  fs.unlinkSync(`./files/${req.body.name}`);
  const name = path.basename(req.query.name);
  // ok: javascript.web.path-traversal
  fs.readFileSync(path.join(__dirname, "files", name));
  // ok: javascript.web.path-traversal
  res.sendFile(req.params.name, { root: __dirname });
  // ok: javascript.web.path-traversal
  fs.readFileSync("./files/index.html");
  // ok: javascript.web.path-traversal
  fs.writeFileSync("./files/last.txt", req.body.text);
});
