<?php
// ruleid: php.stdlib.debug-output
phpinfo();
// ruleid: php.stdlib.debug-output
ini_set("display_errors", "0");
// ruleid: php.stdlib.debug-output
ini_set("display_errors", "0");
// ok: php.stdlib.debug-output
ini_set("display_errors", "0");
// ok: php.stdlib.debug-output
ini_set("log_errors", 1);
// ok: php.stdlib.debug-output
$page->phpinfo();
