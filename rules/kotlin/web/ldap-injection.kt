class HomeController {
    fun handle(request: HttpServletRequest): String {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.ldap-injection
        context.search("dc=example", "(uid=$name)", controls)
        // ruleid: kotlin.web.ldap-injection
        ldapTemplate.search("dc=example", "(uid=" + name + ")", mapper)
        // ruleid: kotlin.web.ldap-injection
        dirContext.search("dc=example", name, controls)
        // ok: kotlin.web.ldap-injection
        context.search("dc=example", "(uid=fixed)", controls)
        // ok: kotlin.web.ldap-injection
        context.search("dc=example", "(uid=" + LdapEncoder.filterEncode(name) + ")", controls)
        // ok: kotlin.web.ldap-injection
        shop.search("dc=example", name, controls)
        return "done"
    }
}
