<?php
$host = $_REQUEST['host'];
// ruleid: php.web.command-injection
system("ping -c 1 " . $host);
// ruleid: php.web.command-injection
shell_exec("ping -c 1 $host");
$command = 'ping ' . $_GET['host'];
// ruleid: php.web.command-injection
exec($command, $output);
// ok: php.web.command-injection
system("ping -c 1 " . escapeshellarg($host));
// ok: php.web.command-injection
exec("ping -c " . (int) $_GET['count'] . " localhost");
// ok: php.web.command-injection
passthru("ping localhost");
