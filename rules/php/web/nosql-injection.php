<?php
// ruleid: php.web.nosql-injection
$users->findOne(["name" => $_POST["name"], "word" => $_POST["word"]]);
// ruleid: php.web.nosql-injection
$users->deleteMany(["name" => $_GET["name"]]);
// ruleid: php.web.nosql-injection
$query = new MongoDB\Driver\Query(["name" => $_GET["name"]]);
// ok: php.web.nosql-injection
$users->findOne(["name" => (string) $_POST["name"]]);
// ok: php.web.nosql-injection
$users->findOne(["name" => "fixed"]);
// ok: php.web.nosql-injection
$users->insertOne(["name" => $_POST["name"]]);
