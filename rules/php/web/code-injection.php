<?php
$code = $_POST['code'];
// ruleid: php.web.code-injection
eval($code);
// ruleid: php.web.code-injection
eval("return " . $_GET['expression'] . ";");
// ruleid: php.web.code-injection
call_user_func($_GET['function']);
// ok: php.web.code-injection
eval("return 1;");
// ok: php.web.code-injection
eval("return " . intval($code) . ";");
// ok: php.web.code-injection
call_user_func('trim', $code);
