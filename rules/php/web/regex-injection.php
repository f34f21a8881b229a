<?php
$name = $_GET["name"];
// ruleid: php.web.regex-injection
preg_match("/" . $name . "/", $text);
// ruleid: php.web.regex-injection
preg_replace($name, "", $text);
// ruleid: php.web.regex-injection
preg_split("/" . $_GET["sign"] . "/", $text);
// ok: php.web.regex-injection
preg_match("/" . preg_quote($name) . "/", $text);
// ok: php.web.regex-injection
preg_match("/^[a-z]+$/", $name);
// ok: php.web.regex-injection
match_all($name, $text);
