import javax.servlet.http.*;

class Sample extends HttpServlet {
    public void show(HttpServletRequest request, TemplateEngine engine) {
        String text = request.getParameter("text");
        // ruleid: java.web.template-injection
        engine.process("Hello " + text, context);
        // ruleid: java.web.template-injection
        Velocity.evaluate(context, out, "page", text);
        // ruleid: java.web.template-injection
        new Template("page", new StringReader(text), configuration);
        // ok: java.web.template-injection
        engine.process("page", context);
        // ok: java.web.template-injection
        Velocity.evaluate(context, out, "page", "Hello $name");
        // ok: java.web.template-injection
        job.process(text, context);
    }
}
