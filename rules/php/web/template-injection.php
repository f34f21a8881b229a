<?php
$text = $_GET["text"];
// ruleid: php.web.template-injection
$twig->createTemplate($text);
// ruleid: php.web.template-injection
Blade::render("Hello " . $text);
// ruleid: php.web.template-injection
$smarty->fetch("string:" . $text);
// ok: php.web.template-injection
$twig->createTemplate("Hello {{ name }}");
// ok: php.web.template-injection
$twig->render("page.html", ["name" => $text]);
// ok: php.web.template-injection
$smarty->fetch("page.tpl");
// ok: php.web.template-injection
$cache->fetch($text);
