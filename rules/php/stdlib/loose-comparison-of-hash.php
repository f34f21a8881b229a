<?php
// ruleid: php.stdlib.loose-comparison-of-hash
if (md5($word) == $stored) { enter(); }
// ruleid: php.stdlib.loose-comparison-of-hash
if ($given === hash_hmac("sha256", $text, $key)) { enter(); }
// ruleid: php.stdlib.loose-comparison-of-hash
if ($given == sha1($text)) { enter(); }
// ok: php.stdlib.loose-comparison-of-hash
if (hash_equals($stored, hash_hmac("sha256", $text, $key))) { enter(); }
// ok: php.stdlib.loose-comparison-of-hash
if (password_verify($word, $stored)) { enter(); }
// ok: php.stdlib.loose-comparison-of-hash
if (count($list) == 3) { enter(); }
