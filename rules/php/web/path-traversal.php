<?php
$name = $_GET['name'];
// ruleid: php.web.path-traversal
readfile("/srv/files/" . $name);
// ruleid: php.web.path-traversal
unlink("/srv/files/$name");
$path = "/srv/files/" . $_POST['name'];
// ruleid: php.web.path-traversal
file_get_contents($path);
// ok: php.web.path-traversal
readfile("/srv/files/" . basename($name));
// ok: php.web.path-traversal
fopen("/srv/files/" . intval($name), "r");
// ok: php.web.path-traversal
file_get_contents("/srv/files/list.txt");
