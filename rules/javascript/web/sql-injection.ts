@Controller("user")
class UserController {
  @Get()
  find(@Query("name") name: string, @Param("id") id: number) {
    // ruleid: javascript.web.sql-injection
    this.pool.query("SELECT * FROM user WHERE name = '" + name + "'");
    // ok: javascript.web.sql-injection
    this.pool.query("SELECT * FROM user WHERE name = ?", [name]);
    // ok: javascript.web.sql-injection
    this.pool.query("SELECT * FROM user WHERE id = " + id);
  }
}
