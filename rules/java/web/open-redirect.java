import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.open-redirect
        response.sendRedirect(name);
        String target = "http://" + name;
        // ruleid: java.web.open-redirect
        response.sendRedirect(target);
        // ruleid: java.web.open-redirect
        response.setHeader("Location", name);
        // ok: java.web.open-redirect
        response.sendRedirect("/home");
        // ok: java.web.open-redirect
        response.sendRedirect("/item/" + Integer.parseInt(name));
        // ok: java.web.open-redirect
        response.setHeader("Content-Language", "en");
    }
}
