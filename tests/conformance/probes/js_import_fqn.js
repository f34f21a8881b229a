// ruleid: js-import-fqn
const fs = require('fs');
import x from 'fs';
