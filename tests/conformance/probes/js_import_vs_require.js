// ruleid: js-import-vs-require
import x from 'fs';
const y = require('fs');
import {z} from 'fs';
import * as w from 'fs';
