<?php
$html = '';
// ruleid: php.web.markup-from-request
$html .= '<pre>Hello ' . $_GET['name'] . '</pre>';
// ruleid: php.web.markup-from-request
$html .= "<pre>Hello {$_GET['name']}</pre>";
$name = $_POST['name'];
// ruleid: php.web.markup-from-request
$page = '<b>' . $name;
// ok: php.web.markup-from-request
$html .= '<pre>' . htmlspecialchars($name) . '</pre>';
// ok: php.web.markup-from-request
$key = 'user-' . $name;
// ok: php.web.markup-from-request
$html .= '<pre>' . intval($name) . '</pre>';
