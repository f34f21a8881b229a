import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void run(HttpServletRequest request, Class target) throws Exception {
        String name = request.getParameter("action");
        // ruleid: java.web.reflection
        target.getMethod(name);
        // ruleid: java.web.reflection
        this.getClass().getMethod("do" + name);
        // ruleid: java.web.reflection
        target.getDeclaredMethod(name, String.class);
        // ok: java.web.reflection
        target.getMethod("list");
        // ok: java.web.reflection
        table.get(name);
        // ok: java.web.reflection
        registry.getMethod(name);
    }
}
