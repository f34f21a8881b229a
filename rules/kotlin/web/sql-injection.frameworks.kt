@RestController
class Users {
    @GetMapping("/a")
    fun find(@RequestParam name: String, @RequestParam page: Int): String {
        // ok: kotlin.web.sql-injection
        jdbcTemplate.query("select * from t limit $page")
        // ruleid: kotlin.web.sql-injection
        jdbcTemplate.query("select * from t where name = '$name'")
        return ""
    }
    @PostMapping("/b")
    fun make(@RequestBody user: NewUser): String {
        // ruleid: kotlin.web.sql-injection
        jdbcTemplate.update("insert into t values ('" + user.name + "')")
        return ""
    }
}

fun Application.routes() {
    get("/c") {
        val name = call.parameters["name"]
        // ruleid: kotlin.web.sql-injection
        statement.executeQuery("select * from t where name = '$name'")
        // ok: kotlin.web.sql-injection
        statement.executeQuery("select * from t where id = " + name.toInt())
        val text = StringBuilder()
        text.append(call.request.queryParameters["name"])
        // ruleid: kotlin.web.sql-injection
        statement.executeQuery(text.toString())
    }
}
