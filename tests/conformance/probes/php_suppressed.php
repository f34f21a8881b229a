<?php
// ruleid: php_suppressed
@run(1);
run(1);
