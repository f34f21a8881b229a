import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void answer(HttpServletRequest request, HttpServletResponse response, HttpHeaders headers) {
        String name = request.getParameter("name");
        // ruleid: java.web.header-injection
        response.setHeader("X-Name", name);
        // ruleid: java.web.header-injection
        response.addHeader("X-Name", "n=" + name);
        // ruleid: java.web.header-injection
        headers.set("X-Name", name);
        // ok: java.web.header-injection
        response.setHeader("X-Name", URLEncoder.encode(name, "UTF-8"));
        // ok: java.web.header-injection
        response.setHeader("X-Count", "" + Integer.parseInt(name));
        // ok: java.web.header-injection
        response.setHeader("X-Name", name.replaceAll("[\\r\\n]", ""));
        // ok: java.web.header-injection
        response.setHeader("X-Name", "fixed");
    }
}
