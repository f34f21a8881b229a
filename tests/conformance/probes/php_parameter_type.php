<?php
// ruleid: php_parameter_type
function a(int $b) { }
function c(int $d, int $e) { }
