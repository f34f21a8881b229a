class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.open-redirect
        response.sendRedirect(name)
        // ruleid: kotlin.web.open-redirect
        response.setHeader("Location", request.getParameter("next"))
        // ruleid: kotlin.web.open-redirect
        RedirectView(name)
        // ok: kotlin.web.open-redirect
        response.sendRedirect("/home")
        // ok: kotlin.web.open-redirect
        response.setHeader("X-Name", name)
        // ok: kotlin.web.open-redirect
        response.sendRedirect("/item/" + name.toInt())
    }
}
