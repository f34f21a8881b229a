<?php
// ruleid: php.web.open-redirect
header("Location: " . $_GET['next']);
$next = $_POST['next'];
// ruleid: php.web.open-redirect
header("Location: $next");
// ruleid: php.web.open-redirect
header("Location: " . $next, true, 302);
// ok: php.web.open-redirect
header("Location: /home");
// ok: php.web.open-redirect
header("Location: /item/" . intval($_GET['item']));
// ok: php.web.open-redirect
header("Content-Type: text/html");
