<?php
$name = $_GET["name"];
// ruleid: php.web.ldap-injection
ldap_search($link, "dc=example", "(uid=" . $name . ")");
// ruleid: php.web.ldap-injection
ldap_list($link, "dc=example", "(uid=$name)");
// ruleid: php.web.ldap-injection
ldap_bind($link, "uid=" . $_POST["user"] . ",dc=example", $word);
// ok: php.web.ldap-injection
ldap_search($link, "dc=example", "(uid=" . ldap_escape($name, "", LDAP_ESCAPE_FILTER) . ")");
// ok: php.web.ldap-injection
ldap_search($link, "dc=example", "(uid=fixed)");
// ok: php.web.ldap-injection
search($link, $name);
