import javax.servlet.http.*;

class Sample extends HttpServlet {
    void one(HttpServletResponse response) {
        Cookie cookie = new Cookie("a", "b");
        // ruleid: java.web.cookie-without-flags
        response.addCookie(cookie);
    }
    void two(HttpServletResponse response) {
        Cookie cookie = new Cookie("a", "b");
        cookie.setPath("/");
        // ruleid: java.web.cookie-without-flags
        response.addCookie(cookie);
    }
    void three(HttpServletResponse response) {
        Cookie session = new Cookie("a", id());
        session.setMaxAge(3);
        // ruleid: java.web.cookie-without-flags
        response.addCookie(session);
    }
    void four(HttpServletResponse response) {
        Cookie cookie = new Cookie("a", "b");
        cookie.setSecure(true);
        // ok: java.web.cookie-without-flags
        response.addCookie(cookie);
    }
    void five(HttpServletResponse response, Cookie cookie) {
        // ok: java.web.cookie-without-flags
        response.addCookie(cookie);
    }
    void six(Jar jar) {
        Jar own = new Jar();
        // ok: java.web.cookie-without-flags
        own.addCookie(jar);
    }
}
