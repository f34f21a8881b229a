import javax.servlet.http.*;
import java.util.regex.Pattern;

class Sample extends HttpServlet {
    public void find(HttpServletRequest request, String text) {
        String name = request.getParameter("name");
        // ruleid: java.web.regex-injection
        Pattern.compile(name);
        // ruleid: java.web.regex-injection
        Pattern.matches("^" + name, text);
        // ruleid: java.web.regex-injection
        text.matches(name + ".*");
        // ok: java.web.regex-injection
        Pattern.compile(Pattern.quote(name));
        // ok: java.web.regex-injection
        Pattern.matches("[a-z]+", name);
        // ok: java.web.regex-injection
        text.replace(name, "");
    }
}
