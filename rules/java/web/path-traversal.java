import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import org.apache.commons.io.FilenameUtils;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.path-traversal
        new FileInputStream("/srv/files/" + name);
        String path = "/srv/files/" + name;
        // ruleid: java.web.path-traversal
        File file = new File(path);
        // ruleid: java.web.path-traversal
        java.nio.file.Paths.get("/srv/files", name);
        // ok: java.web.path-traversal
        new FileInputStream("/srv/files/" + FilenameUtils.getName(name));
        // ok: java.web.path-traversal
        new File("/srv/files/" + Integer.parseInt(name));
        // ok: java.web.path-traversal
        new File("/srv/files/list.txt");
    }
}
