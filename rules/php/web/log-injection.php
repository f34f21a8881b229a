<?php
$name = $_GET["name"];
// ruleid: php.web.log-injection
error_log("login of " . $name);
// ruleid: php.web.log-injection
$this->logger->info("login of $name");
// ruleid: php.web.log-injection
Log::warning("login of " . $name);
// ok: php.web.log-injection
error_log("login of " . str_replace(["\r", "\n"], "", $name));
// ok: php.web.log-injection
error_log("login");
// ok: php.web.log-injection
$page->info($name);
