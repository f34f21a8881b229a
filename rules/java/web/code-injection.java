import javax.script.*;
import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void run(HttpServletRequest request, ScriptEngine engine, GroovyShell shell) throws Exception {
        String code = request.getParameter("code");
        // ruleid: java.web.code-injection
        engine.eval(code);
        // ruleid: java.web.code-injection
        shell.evaluate("x = " + code);
        // ruleid: java.web.code-injection
        Class.forName(code);
        // ok: java.web.code-injection
        engine.eval("1 + 1");
        // ok: java.web.code-injection
        engine.eval("f(" + Integer.parseInt(code) + ")");
        // ok: java.web.code-injection
        Class.forName("org.example.Driver");
        // ok: java.web.code-injection
        template.eval(code);
    }
}
