<?php
// ruleid: php.stdlib.weak-hash
md5($password);
// ruleid: php.stdlib.weak-hash
sha1($password);
// ruleid: php.stdlib.weak-hash
hash("md5", $password);
// ok: php.stdlib.weak-hash
hash("sha256", $password);
// ok: php.stdlib.weak-hash
password_hash($password, PASSWORD_DEFAULT);
// ok: php.stdlib.weak-hash
crc32($password);
