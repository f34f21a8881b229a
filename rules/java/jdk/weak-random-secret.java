import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import java.security.SecureRandom;

class Sample extends HttpServlet {
    void flawed(HttpServletRequest request) {
        // ruleid: java.jdk.weak-random-secret
        new Cookie("remember", "key" + Math.random());
        // ruleid: java.jdk.weak-random-secret
        String resetToken = Long.toString(new Random().nextLong());
        // ruleid: java.jdk.weak-random-secret
        request.getSession().setAttribute("key", new Random().nextInt());
    }

    void sound(SecureRandom secure) {
        // ok: java.jdk.weak-random-secret
        new Cookie("remember", "key" + secure.nextLong());
        // ok: java.jdk.weak-random-secret
        String delay = Long.toString(new Random().nextLong());
        // ok: java.jdk.weak-random-secret
        String resetToken = Long.toString(secure.nextLong());
    }
}
