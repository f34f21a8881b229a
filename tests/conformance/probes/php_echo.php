<?php
// ruleid: php-echo
echo $a;
// ruleid: php-echo
echo 1;
print($a);
