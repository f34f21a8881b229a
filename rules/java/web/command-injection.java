import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.command-injection
        Runtime.getRuntime().exec("ping " + name);
        Runtime runtime = Runtime.getRuntime();
        String[] words = {"sh", "-c", "ping " + name};
        // ruleid: java.web.command-injection
        runtime.exec(words);
        List<String> list = new ArrayList<String>();
        list.add("ping " + name);
        // ruleid: java.web.command-injection
        ProcessBuilder builder = new ProcessBuilder(list);
        // ok: java.web.command-injection
        runtime.exec("ping localhost");
        // ok: java.web.command-injection
        runtime.exec("ping -c " + Integer.parseInt(name));
        name = "localhost";
        // ok: java.web.command-injection
        new ProcessBuilder("ping", name);
    }
}
