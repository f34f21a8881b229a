import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import org.slf4j.*;

class Sample extends HttpServlet {
    private static final Logger LOG = LoggerFactory.getLogger("web");

    public void log(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java.web.log-injection
        LOG.info("login of " + name);
        // ruleid: java.web.log-injection
        LOG.warn("login of {}", name);
        // ruleid: java.web.log-injection
        LOG.error(name);
        // ok: java.web.log-injection
        LOG.info("login of " + name.replaceAll("[\r\n]", "_"));
        // ok: java.web.log-injection
        LOG.info("login");
        // ok: java.web.log-injection
        LOG.info("page {}", Integer.parseInt(name));
    }
}
