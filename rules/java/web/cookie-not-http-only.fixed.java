import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    void flawed(Cookie cookie) {
        // ruleid: java.web.cookie-not-http-only
        cookie.setHttpOnly(true);
        Cookie other = new Cookie("name", "value");
        // ruleid: java.web.cookie-not-http-only
        other.setHttpOnly(true);
        javax.servlet.http.Cookie third = new javax.servlet.http.Cookie("name", "value");
        // ruleid: java.web.cookie-not-http-only
        third.setHttpOnly(true);
    }

    void sound(Cookie cookie, Channel channel) {
        // ok: java.web.cookie-not-http-only
        cookie.setHttpOnly(true);
        // ok: java.web.cookie-not-http-only
        channel.setHttpOnly(false);
        // ok: java.web.cookie-not-http-only
        cookie.setMaxAge(60);
    }
}
