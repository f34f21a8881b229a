// ruleid: javascript.node.timing-unsafe-comparison
if (signature === expected) allow();
// ruleid: javascript.node.timing-unsafe-comparison
if (req.headers.hmac !== computed) deny();
// ruleid: javascript.node.timing-unsafe-comparison
if (body.digest == expected) allow();
// ok: javascript.node.timing-unsafe-comparison
if (crypto.timingSafeEqual(signature, expected)) allow();
// ok: javascript.node.timing-unsafe-comparison
if (signature === undefined) deny();
// ok: javascript.node.timing-unsafe-comparison
if (signature.length !== expected.length) deny();
