const serialize = require("node-serialize");
const yaml = require("js-yaml");
const v8 = require("v8");
const app = require("express")();

app.post("/profile", (req, res) => {
  // ruleid: javascript.web.unsafe-deserialization
  const first = serialize.unserialize(req.cookies.profile);
  const raw = Buffer.from(req.body.data, "base64");
  // ruleid: javascript.web.unsafe-deserialization
  const second = v8.deserialize(raw);
  // ruleid: javascript.web.unsafe-deserialization
  const third = yaml.load(req.body.text);
  // ok: javascript.web.unsafe-deserialization
  const fourth = JSON.parse(req.body.text);
  // ok: javascript.web.unsafe-deserialization
  yaml.load(req.body.text, { schema: yaml.JSON_SCHEMA });
  // ok: javascript.web.unsafe-deserialization
  yaml.load("a: 1");
  res.json({ first, second, third, fourth });
});
