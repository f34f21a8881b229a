app.use((error, req, res, next) => {
  // ruleid: javascript.node.error-to-visitor
  res.send(error.stack);
  // ruleid: javascript.node.error-to-visitor
  res.status(500).json({ message: "x", stack: error.stack });
  // ruleid: javascript.node.error-to-visitor
  res.end("failed: " + error.stack);
  // ok: javascript.node.error-to-visitor
  res.status(500).send("failed");
  // ok: javascript.node.error-to-visitor
  log.error(error.stack);
  // ok: javascript.node.error-to-visitor
  res.json({ stack: names });
});
