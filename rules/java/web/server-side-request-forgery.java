import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.server-side-request-forgery
        new URL(name).openStream();
        // ruleid: java.web.server-side-request-forgery
        new HttpGet("http://" + name);
        // ruleid: java.web.server-side-request-forgery
        Jsoup.connect(name).get();
        // ok: java.web.server-side-request-forgery
        new URL("https://api.example.org/").openStream();
        // ok: java.web.server-side-request-forgery
        new HttpGet("https://api.example.org/item/" + Long.parseLong(name));
        String address = HOSTS.getOrDefault("mail", "https://mail.example.org/");
        // ok: java.web.server-side-request-forgery
        new URL(address);
    }
}
