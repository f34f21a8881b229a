import java.io.*;
import java.util.*;
import javax.servlet.http.*;
import javax.script.*;

class Sample extends HttpServlet {
    public void run(HttpServletRequest request, ScriptEngine engine, SpelExpressionParser parser) throws Exception {
        String name = request.getParameter("name");
        // ruleid: java.web.expression-injection
        engine.eval("print('" + name + "')");
        // ruleid: java.web.expression-injection
        parser.parseExpression(name);
        // ruleid: java.web.expression-injection
        Ognl.getValue(name, new Object());
        // ok: java.web.expression-injection
        engine.eval("1 + 1");
        // ok: java.web.expression-injection
        engine.put("name", name);
        // ok: java.web.expression-injection
        parser.parseExpression("name").getValue(name);
    }
}
