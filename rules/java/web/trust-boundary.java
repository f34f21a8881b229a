import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.trust-boundary
        request.getSession().setAttribute("user", name);
        HttpSession session = request.getSession();
        // ruleid: java.web.trust-boundary
        session.putValue("role", "role " + name);
        // ruleid: java.web.trust-boundary
        session.setAttribute(name, "10340");
        // ok: java.web.trust-boundary
        session.setAttribute("page", Integer.parseInt(name));
        // ok: java.web.trust-boundary
        session.setAttribute("user", "guest");
        // ok: java.web.trust-boundary
        request.setAttribute("name", name);
    }
}
