const fs = require("fs");
const path = require("path");
const unzipper = require("unzipper");

fs.createReadStream("a.zip").pipe(unzipper.Parse()).on("entry", (entry) => {
  // ruleid: javascript.node.zip-slip
  entry.pipe(fs.createWriteStream(path.join("out", entry.path)));
  // ruleid: javascript.node.zip-slip
  fs.writeFileSync("out/" + entry.path, "x");
  // ruleid: javascript.node.zip-slip
  fs.mkdirSync(`out/${entry.fileName}`);
  // ok: javascript.node.zip-slip
  entry.pipe(fs.createWriteStream(path.join("out", path.basename(entry.path))));
  // ok: javascript.node.zip-slip
  fs.writeFileSync("out/list.txt", entry.path);
  // ok: javascript.node.zip-slip
  fs.writeFileSync(path.join("out", "fixed"), "x");
});
zip.on("entry", (entry) => {
  const target = path.join("out", entry.fileName);
  if (!target.startsWith("out" + path.sep)) {
    return;
  }
  // ok: javascript.node.zip-slip
  fs.writeFileSync(target, "x");
});
