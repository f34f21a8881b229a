<?php
// ruleid: php-super
$a = $_GET['x'];
$b = $_POST['x'];
