using System;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.sql-injection
        var first = new SqlCommand("SELECT * FROM users WHERE name = '" + name + "'", connection);
        var sql = $"SELECT * FROM users WHERE name = '{name}'";
        // ruleid: csharp.aspnet.sql-injection
        context.Users.FromSqlRaw(sql);
        // ruleid: csharp.aspnet.sql-injection
        command.CommandText = "DELETE FROM users WHERE name = '" + name + "'";
        // ok: csharp.aspnet.sql-injection
        var second = new SqlCommand("SELECT * FROM users WHERE name = @name", connection);
        // ok: csharp.aspnet.sql-injection
        second.Parameters.AddWithValue("@name", name);
        var page = int.Parse(name);
        // ok: csharp.aspnet.sql-injection
        context.Users.FromSqlRaw("SELECT * FROM users LIMIT " + page);
    }
}
