<?php
// ruleid: php.stdlib.include-from-variable
include($file);
// ruleid: php.stdlib.include-from-variable
require_once($page);
// ruleid: php.stdlib.include-from-variable
include $name;
// ok: php.stdlib.include-from-variable
include("page.php");
// ok: php.stdlib.include-from-variable
require_once(__DIR__ . "/page.php");
// ok: php.stdlib.include-from-variable
include(PAGES . "/page.php");
