<?php
// ruleid: php.stdlib.cookie-flags
setcookie("session", $id);
// ruleid: php.stdlib.cookie-flags
setcookie("session", $id, time() + 60, "/");
// ruleid: php.stdlib.cookie-flags
setcookie("session", $id, 0, "/", "example.org", false, true);
// ok: php.stdlib.cookie-flags
setcookie("session", $id, 0, "/", "example.org", true, true);
// ok: php.stdlib.cookie-flags
setcookie("session", $id, ["secure" => true, "httponly" => true]);
// ok: php.stdlib.cookie-flags
session_start();
