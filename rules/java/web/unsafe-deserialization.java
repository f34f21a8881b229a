import java.io.*;
import java.util.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.unsafe-deserialization
        new ObjectInputStream(request.getInputStream()).readObject();
        byte[] bytes = Base64.getDecoder().decode(name);
        // ruleid: java.web.unsafe-deserialization
        ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes));
        Yaml yaml = new Yaml();
        // ruleid: java.web.unsafe-deserialization
        yaml.load(name);
        // ok: java.web.unsafe-deserialization
        new ObjectMapper().readValue(name, User.class);
        // ok: java.web.unsafe-deserialization
        new ObjectInputStream(new FileInputStream("cache.bin"));
        // ok: java.web.unsafe-deserialization
        yaml.load("a: 1");
    }
}
