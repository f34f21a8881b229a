class Example {
    fun handle(request: HttpServletRequest, response: HttpServletResponse) {
        val name = request.getParameter("name")
        // ruleid: kotlin.web.sql-injection
        statement.executeQuery("SELECT * FROM user WHERE name = '" + name + "'")
        // ruleid: kotlin.web.sql-injection
        entityManager.createNativeQuery("SELECT * FROM user WHERE name = '${name}'")
        // ruleid: kotlin.web.sql-injection
        jdbcTemplate.update("DELETE FROM user WHERE name = " + request.getHeader("name"))
        // ok: kotlin.web.sql-injection
        jdbcTemplate.update("DELETE FROM user WHERE name = ?", name)
        // ok: kotlin.web.sql-injection
        statement.executeQuery("SELECT * FROM user LIMIT " + name.toInt())
        // ok: kotlin.web.sql-injection
        statement.executeQuery("SELECT * FROM user")
    }
}
