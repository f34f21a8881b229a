public class UsersController : ControllerBase
{
    [HttpGet("{name}")]
    public IActionResult Find(string name, int page)
    {
        // ok: csharp.aspnet.sql-injection
        var a = new SqlCommand("select * from t limit " + page, db);
        // ruleid: csharp.aspnet.sql-injection
        var b = new SqlCommand("select * from t where name = '" + name + "'", db);
        return Ok();
    }

    [HttpPost]
    public IActionResult Make([FromBody] NewUser user, [FromHeader] string agent)
    {
        // ruleid: csharp.aspnet.sql-injection
        var a = new SqlCommand("insert into t values ('" + user.Name + "')", db);
        // ruleid: csharp.aspnet.sql-injection
        var b = new SqlCommand($"insert into t values ('{agent}')", db);
        return Ok();
    }

    public void Plain(HttpContext context, IFormFile file)
    {
        var text = new StringBuilder("select * from t where name = '");
        text.Append(context.Request.Query["name"]);
        // ruleid: csharp.aspnet.sql-injection
        var a = new SqlCommand(text.ToString(), db);
        // ruleid: csharp.aspnet.sql-injection
        var b = new SqlCommand("select * from t where name = '" + file.FileName + "'", db);
        // ok: csharp.aspnet.sql-injection
        var c = new SqlCommand("select * from t where id = " + Guid.Parse(Request.Query["id"]), db);
        // ok: csharp.aspnet.sql-injection
        var d = new SqlCommand("select * from t where name = @name", db);
    }
}
