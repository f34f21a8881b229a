const axios = require("axios");
const https = require("https");
const app = require("express")();

app.get("/preview", async (req, res) => {
  const url = req.query.url;
  // ruleid: javascript.web.server-side-request-forgery
  const first = await axios.get(url);
  // ruleid: javascript.web.server-side-request-forgery
  const second = await fetch(`http://${req.body.host}/status`);
  // ruleid: javascript.web.server-side-request-forgery
  https.get("https://" + req.params.host, () => {});
  // ruleid: javascript.web.server-side-request-forgery
  await axios({ method: "get", url: url });
  // ok: javascript.web.server-side-request-forgery
  await axios.get("https://api.example.com/item/" + req.params.id);
  // ok: javascript.web.server-side-request-forgery
  await fetch(`https://api.example.com/item/${req.params.id}`);
  // ok: javascript.web.server-side-request-forgery
  await axios.post("https://api.example.com/item", req.body);
  res.json({ first, second });
});
