class HomeController {
    fun handle(request: HttpServletRequest): String {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.xpath-injection
        xpath.evaluate("//user[@name='$name']", document)
        // ruleid: kotlin.web.xpath-injection
        xPath.compile("//user[@name='" + name + "']")
        // ruleid: kotlin.web.xpath-injection
        userXpath.evaluate(name, document)
        // ok: kotlin.web.xpath-injection
        xpath.evaluate("//user", document)
        // ok: kotlin.web.xpath-injection
        xpath.compile("//user[" + name.toInt() + "]")
        // ok: kotlin.web.xpath-injection
        form.compile(name)
        return "done"
    }
}
