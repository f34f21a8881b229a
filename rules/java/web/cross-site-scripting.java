import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.cross-site-scripting
        response.getWriter().println("Hello " + name);
        PrintWriter out = response.getWriter();
        // ruleid: java.web.cross-site-scripting
        out.write("<b>" + name + "</b>");
        StringBuilder page = new StringBuilder();
        page.append(name);
        // ruleid: java.web.cross-site-scripting
        out.print(page.toString());
        // ok: java.web.cross-site-scripting
        out.print(HtmlUtils.htmlEscape(name));
        // ok: java.web.cross-site-scripting
        response.getWriter().println("Hello " + Encode.forHtml(name));
        // ok: java.web.cross-site-scripting
        response.getWriter().println("Number " + Integer.parseInt(name));
        // ok: java.web.cross-site-scripting
        System.out.println(name);
    }
}
