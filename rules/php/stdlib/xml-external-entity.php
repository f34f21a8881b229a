<?php
// ruleid: php.stdlib.xml-external-entity
$document->loadXML($text, LIBXML_NOENT | LIBXML_DTDLOAD);
// ruleid: php.stdlib.xml-external-entity
simplexml_load_string($text, "SimpleXMLElement", LIBXML_NOENT);
// ruleid: php.stdlib.xml-external-entity
libxml_disable_entity_loader(false);
// ok: php.stdlib.xml-external-entity
$document->loadXML($text);
// ok: php.stdlib.xml-external-entity
simplexml_load_string($text, "SimpleXMLElement", LIBXML_NONET);
// ok: php.stdlib.xml-external-entity
libxml_disable_entity_loader(true);
