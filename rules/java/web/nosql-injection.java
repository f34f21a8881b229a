import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void find(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java.web.nosql-injection
        Document.parse("{ name: '" + name + "' }");
        // ruleid: java.web.nosql-injection
        new BasicQuery("{ name: '" + name + "' }");
        // ruleid: java.web.nosql-injection
        Filters.where("this.name == '" + name + "'");
        // ok: java.web.nosql-injection
        Filters.eq("name", name);
        // ok: java.web.nosql-injection
        Document.parse("{ name: 'fixed' }");
        // ok: java.web.nosql-injection
        LocalTime.parse(name);
    }
}
