// ruleid: javascript.node.xml-external-entity
libxmljs.parseXml(text, { noent: true });
// ruleid: javascript.node.xml-external-entity
libxmljs.parseXmlString(text, { noblanks: true, noent: true });
// ruleid: javascript.node.xml-external-entity
libxmljs.parseXml(text, { dtdload: true });
// ok: javascript.node.xml-external-entity
libxmljs.parseXml(text);
// ok: javascript.node.xml-external-entity
libxmljs.parseXml(text, { noent: false });
// ok: javascript.node.xml-external-entity
libxmljs.parseHtml(text, { noent: true });
