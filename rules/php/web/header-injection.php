<?php
$name = $_GET["name"];
// ruleid: php.web.header-injection
header("X-Name: " . $name);
// ruleid: php.web.header-injection
setcookie("name", $name, 0, "/", "", true, true);
// ruleid: php.web.header-injection
$response->header("X-Name", $name);
// ok: php.web.header-injection
header("X-Name: " . rawurlencode($name));
// ok: php.web.header-injection
header("Content-Type: text/plain");
// ok: php.web.header-injection
print_header($name);
