// ruleid: javascript.node.xml-external-entity
libxmljs.parseXml(text, { noent: false });
// ruleid: javascript.node.xml-external-entity
libxmljs.parseXmlString(text, { noblanks: true, noent: false });
// ruleid: javascript.node.xml-external-entity
libxmljs.parseXml(text, { dtdload: false });
// ok: javascript.node.xml-external-entity
libxmljs.parseXml(text);
// ok: javascript.node.xml-external-entity
libxmljs.parseXml(text, { noent: false });
// ok: javascript.node.xml-external-entity
libxmljs.parseHtml(text, { noent: true });
