// ruleid: javascript.node.insecure-temporary-file
fs.writeFileSync("/tmp/out.txt", text);
// ruleid: javascript.node.insecure-temporary-file
fs.createWriteStream("/var/tmp/out");
// ruleid: javascript.node.insecure-temporary-file
fs.writeFile("/tmp/a", text, done);
// ok: javascript.node.insecure-temporary-file
fs.mkdtempSync("/tmp/out-");
// ok: javascript.node.insecure-temporary-file
fs.writeFileSync("out/tmp/a", text);
// ok: javascript.node.insecure-temporary-file
fs.readFileSync("/tmp/out.txt");
