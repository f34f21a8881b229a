class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.command-injection
        Runtime.getRuntime().exec("ping " + name)
        // ruleid: kotlin.web.command-injection
        ProcessBuilder("sh", "-c", "ping ${name}").start()
        // ruleid: kotlin.web.command-injection
        ProcessBuilder(request.getParameter("tool")).start()
        // ok: kotlin.web.command-injection
        ProcessBuilder("ping", "-c", "1", name).start()
        // ok: kotlin.web.command-injection
        Runtime.getRuntime().exec("uptime")
        // ok: kotlin.web.command-injection
        Runtime.getRuntime().exec("ping -c " + name.toInt())
    }
}
