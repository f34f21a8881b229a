<?php
// ruleid: php.web.unsafe-deserialization
$state = unserialize($_COOKIE['state']);
$data = base64_decode($_POST['data']);
// ruleid: php.web.unsafe-deserialization
unserialize($data);
// ruleid: php.web.unsafe-deserialization
$first = unserialize($_GET['first'])[0];
// ok: php.web.unsafe-deserialization
$state = json_decode($_COOKIE['state']);
// ok: php.web.unsafe-deserialization
unserialize($data, ['allowed_classes' => false]);
// ok: php.web.unsafe-deserialization
unserialize(file_get_contents("cache.bin"));
