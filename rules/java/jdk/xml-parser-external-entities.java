import javax.xml.transform.*;

class Readers {
    void reader(InputSource in) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        // ruleid: java.jdk.xml-parser-external-entities
        reader.parse(in);
    }
    void dom4j(InputSource in) throws Exception {
        SAXReader reader = new SAXReader();
        // ruleid: java.jdk.xml-parser-external-entities
        reader.read(in);
    }
    void stylesheet(Source in) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        // ruleid: java.jdk.xml-parser-external-entities
        factory.newTransformer(in);
    }
    void readerSound(InputSource in) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.jdk.xml-parser-external-entities
        reader.parse(in);
    }
    void stylesheetSound(Source in) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        // ok: java.jdk.xml-parser-external-entities
        factory.newTransformer(in);
    }
    void writer() throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        // ok: java.jdk.xml-parser-external-entities
        factory.newTransformer();
    }
}
