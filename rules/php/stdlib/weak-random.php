<?php
// ruleid: php.stdlib.weak-random
$token = md5(uniqid());
// ruleid: php.stdlib.weak-random
$resetToken = mt_rand(100000, 999999);
// ruleid: php.stdlib.weak-random
$user->password = str_shuffle("abcdef");
// ok: php.stdlib.weak-random
$token = bin2hex(random_bytes(16));
// ok: php.stdlib.weak-random
$colour = rand(1, 6);
// ok: php.stdlib.weak-random
$otp = random_int(100000, 999999);
