<?php
$name = $_GET['name'];
// ruleid: php.web.cross-site-scripting
echo "Hello " . $name;
// ruleid: php.web.cross-site-scripting
print("<b>" . $_POST['name'] . "</b>");
// ruleid: php.web.cross-site-scripting
echo "<i>$name</i>";
// ok: php.web.cross-site-scripting
echo "Hello " . htmlspecialchars($name, ENT_QUOTES);
// ok: php.web.cross-site-scripting
echo intval($_GET['page']);
// ok: php.web.cross-site-scripting
echo "Hello " . "you";
