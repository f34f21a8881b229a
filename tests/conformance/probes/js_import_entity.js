import fs from 'fs';
import * as g from 'fs';
import {readFile} from 'fs';
// ruleid: js-import-entity
fs.readFile(1);
// ruleid: js-import-entity
g.readFile(1);
// ruleid: js-import-entity
readFile(1);
