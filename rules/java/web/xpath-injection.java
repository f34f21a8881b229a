import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import javax.xml.xpath.*;

class Sample extends HttpServlet {
    public void find(HttpServletRequest request, XPath xpath, Document document) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.xpath-injection
        xpath.evaluate("/user[@name='" + name + "']", document);
        String query = "/user[@name='" + name + "']";
        // ruleid: java.web.xpath-injection
        xpath.compile(query);
        // ruleid: java.web.xpath-injection
        XPathFactory.newInstance().newXPath().evaluate(query, document);
        // ok: java.web.xpath-injection
        xpath.evaluate("/user[@name=$name]", document);
        // ok: java.web.xpath-injection
        xpath.compile("/user[@age=" + Integer.parseInt(name) + "]");
        // ok: java.web.xpath-injection
        xpath.evaluate("/user[@name='" + encoder.encodeForXPath(name) + "']", document);
    }
}
