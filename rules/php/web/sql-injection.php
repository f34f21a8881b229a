<?php
$name = $_GET['name'];
// ruleid: php.web.sql-injection
mysqli_query($db, "SELECT * FROM user WHERE name = '" . $name . "'");
// ruleid: php.web.sql-injection
$pdo->query("SELECT * FROM user WHERE name = '$name'");
$sql = "SELECT * FROM user WHERE name = '" . $_POST['name'] . "'";
// ruleid: php.web.sql-injection
$pdo->prepare($sql);
$statement = $pdo->prepare("SELECT * FROM user WHERE name = ?");
// ok: php.web.sql-injection
$statement->execute([$name]);
$page = intval($_GET['page']);
// ok: php.web.sql-injection
$pdo->query("SELECT * FROM user LIMIT $page");
// ok: php.web.sql-injection
mysqli_query($db, "SELECT * FROM user WHERE name = '" . mysqli_real_escape_string($db, $name) . "'");
