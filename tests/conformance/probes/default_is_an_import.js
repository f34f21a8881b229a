// ruleid: default_is_an_import
import tools from "tools";
// ruleid: default_is_an_import
import {one} from "tools";
// ruleid: default_is_an_import
import {one as two} from "tools";
// ok: default_is_an_import
import * as all from "tools";
// ok: default_is_an_import
import other from "other";
