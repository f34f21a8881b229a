<?php
class A {
    const B = 'b';
    function f() {
        // ruleid: php_own_constant
        run(self::B);
        run($c);
    }
}
