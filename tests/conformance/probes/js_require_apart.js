// ruleid: js_require_apart
const { a, b } = require('m')
const c = require('m')
