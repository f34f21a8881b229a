class HomeController {
    fun handle(request: HttpServletRequest): String {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.log-injection
        logger.info("login of $name")
        // ruleid: kotlin.web.log-injection
        log.warn("login of " + name)
        // ruleid: kotlin.web.log-injection
        logger.error(name)
        // ok: kotlin.web.log-injection
        logger.info("login of " + name.replace("\n", ""))
        // ok: kotlin.web.log-injection
        logger.info("login")
        // ok: kotlin.web.log-injection
        page.info(name)
        return "done"
    }
}
