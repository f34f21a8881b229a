const fs = require('fs');
// ruleid: js-require-alias
fs.readFile(1);
