import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    void flawed(Cookie cookie) {
        // ruleid: java.web.cookie-not-secure
        cookie.setSecure(true);
        Cookie other = new Cookie("name", "value");
        // ruleid: java.web.cookie-not-secure
        other.setSecure(true);
        javax.servlet.http.Cookie third = new javax.servlet.http.Cookie("name", "value");
        // ruleid: java.web.cookie-not-secure
        third.setSecure(true);
    }

    void sound(Cookie cookie, Channel channel) {
        // ok: java.web.cookie-not-secure
        cookie.setSecure(true);
        // ok: java.web.cookie-not-secure
        channel.setSecure(false);
        // ok: java.web.cookie-not-secure
        cookie.setPath("/");
    }
}
