class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.server-side-request-forgery
        URL(name).openStream()
        // ruleid: kotlin.web.server-side-request-forgery
        restTemplate.getForObject("http://" + name, String::class.java)
        // ruleid: kotlin.web.server-side-request-forgery
        URI.create(request.getHeader("target"))
        // ok: kotlin.web.server-side-request-forgery
        URL("https://api.example.com/").openStream()
        // ok: kotlin.web.server-side-request-forgery
        restTemplate.getForObject("https://api.example.com/{id}", String::class.java, name)
        // ok: kotlin.web.server-side-request-forgery
        URI.create("https://api.example.com/" + URLEncoder.encode(name, "UTF-8"))
    }
}
