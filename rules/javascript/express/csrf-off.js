const lusca = require("lusca");
const csurf = require("csurf");

// ruleid: javascript.express.csrf-off
app.use(lusca({ csrf: false, xframe: "DENY" }));
// ruleid: javascript.express.csrf-off
app.use(csurf({ cookie: true, ignoreMethods: ["GET", "POST"] }));
// ruleid: javascript.express.csrf-off
app.use(csrf({ ignoreMethods: ["POST"] }));
// ok: javascript.express.csrf-off
app.use(lusca({ csrf: true }));
// ok: javascript.express.csrf-off
app.use(csurf({ cookie: true, ignoreMethods: ["GET", "HEAD"] }));
// ok: javascript.express.csrf-off
app.use(other({ csrf: false }));
