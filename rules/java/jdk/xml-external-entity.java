import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import javax.xml.parsers.*;
import javax.xml.stream.*;

class Sample extends HttpServlet {
    void dom() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // ruleid: java.jdk.xml-external-entity
        DocumentBuilder builder = factory.newDocumentBuilder();
    }

    void sax() throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        // ruleid: java.jdk.xml-external-entity
        SAXParser parser = factory.newSAXParser();
    }

    void stream(InputStream input) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        // ruleid: java.jdk.xml-external-entity
        factory.createXMLStreamReader(input);
    }

    void soundDom() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java.jdk.xml-external-entity
        DocumentBuilder builder = factory.newDocumentBuilder();
    }

    void soundSax() throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        // ok: java.jdk.xml-external-entity
        SAXParser parser = factory.newSAXParser();
    }

    void soundStream(InputStream input) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: java.jdk.xml-external-entity
        factory.createXMLStreamReader(input);
    }
}
