<?php
$page = $_GET['page'];
// ruleid: php.web.file-inclusion
include($page);
// ruleid: php.web.file-inclusion
require("pages/" . $page . ".php");
// ruleid: php.web.file-inclusion
include_once $_COOKIE['theme'];
// ok: php.web.file-inclusion
include("pages/home.php");
// ok: php.web.file-inclusion
require("pages/" . basename($page) . ".php");
$pages = ['home' => 'home.php'];
// ok: php.web.file-inclusion
include($pages['home']);
