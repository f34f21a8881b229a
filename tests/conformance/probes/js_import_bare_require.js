// ruleid: js_import_bare_require
const store = require("store");
// ruleid: js_import_bare_require
const { open } = require("store");
const other = require("shop");
