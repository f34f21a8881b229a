<?php
// ruleid: php.web.server-side-request-forgery
curl_init($_GET['url']);
$url = 'http://' . $_POST['host'];
// ruleid: php.web.server-side-request-forgery
curl_setopt($handle, CURLOPT_URL, $url);
// ruleid: php.web.server-side-request-forgery
fsockopen($_GET['host'], 80);
// ok: php.web.server-side-request-forgery
curl_init('https://api.example.org/');
// ok: php.web.server-side-request-forgery
curl_setopt($handle, CURLOPT_TIMEOUT, $_GET['time']);
// ok: php.web.server-side-request-forgery
curl_setopt($handle, CURLOPT_URL, 'https://api.example.org/item/' . intval($_GET['item']));
