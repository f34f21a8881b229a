<?php
// ruleid: php.web.variables-from-request
extract($_GET);
// ruleid: php.web.variables-from-request
extract($_POST, EXTR_OVERWRITE);
// ruleid: php.web.variables-from-request
extract($_REQUEST);
// ok: php.web.variables-from-request
extract(['name' => $_GET['name']]);
// ok: php.web.variables-from-request
$name = $_POST['name'];
// ok: php.web.variables-from-request
compact('name');
