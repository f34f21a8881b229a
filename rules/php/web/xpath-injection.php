<?php
$name = $_GET["name"];
// ruleid: php.web.xpath-injection
$xml->xpath("//user[@name='" . $name . "']");
// ruleid: php.web.xpath-injection
$xpath->query("//user[@name='$name']");
// ruleid: php.web.xpath-injection
$xpath->evaluate("count(//user[@name='$name'])");
// ok: php.web.xpath-injection
$xml->xpath("//user");
// ok: php.web.xpath-injection
$xpath->query("//user[" . intval($name) . "]");
// ok: php.web.xpath-injection
$db->query($name);
