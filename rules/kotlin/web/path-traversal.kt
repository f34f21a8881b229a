class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.path-traversal
        File("files/" + name).readText()
        // ruleid: kotlin.web.path-traversal
        File("files", name).delete()
        // ruleid: kotlin.web.path-traversal
        Paths.get("files", request.getParameter("file"))
        // ok: kotlin.web.path-traversal
        File("files", FilenameUtils.getName(name)).readText()
        // ok: kotlin.web.path-traversal
        File("files/index.html").readText()
        // ok: kotlin.web.path-traversal
        File("files/a").writeText(name)
    }
}
