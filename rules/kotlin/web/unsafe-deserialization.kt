class HomeController {
    fun handle(request: HttpServletRequest): String {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.unsafe-deserialization
        ObjectInputStream(request.getInputStream())
        // ruleid: kotlin.web.unsafe-deserialization
        XMLDecoder(request.getInputStream())
        // ruleid: kotlin.web.unsafe-deserialization
        XStream().fromXML(name)
        // ok: kotlin.web.unsafe-deserialization
        ObjectInputStream(FileInputStream("cache.bin"))
        // ok: kotlin.web.unsafe-deserialization
        mapper.readValue(name, User::class.java)
        // ok: kotlin.web.unsafe-deserialization
        Form().load(name)
        return "done"
    }
}
