class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.cross-site-scripting
        response.writer.println("<h1>${name}</h1>")
        // ruleid: kotlin.web.cross-site-scripting
        response.getWriter().write("<b>" + name + "</b>")
        // ruleid: kotlin.web.cross-site-scripting
        response.writer.print(request.getParameter("q"))
        // ok: kotlin.web.cross-site-scripting
        response.writer.println("<h1>" + HtmlUtils.htmlEscape(name) + "</h1>")
        // ok: kotlin.web.cross-site-scripting
        response.writer.println("<h1>fixed</h1>")
        // ok: kotlin.web.cross-site-scripting
        logger.println(name)
    }
}
