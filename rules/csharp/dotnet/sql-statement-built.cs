public class Store
{
    void Read(SqlConnection db, SqlCommand own, string name, string id)
    {
        var statement = "select * from t where name = '" + name + "'";
        // ruleid: csharp.dotnet.sql-statement-built
        var a = new SqlCommand(statement, db);
        // ruleid: csharp.dotnet.sql-statement-built
        own.CommandText = "delete from t where name = '" + name + "'";
        // ruleid: csharp.dotnet.sql-statement-built
        var b = new SqlCommand(string.Format("select * from t where id = {0}", id), db);
        // ok: csharp.dotnet.sql-statement-built
        var c = new SqlCommand("select * from t where name = @name", db);
        // ok: csharp.dotnet.sql-statement-built
        own.CommandText = "hello " + name;
        // ok: csharp.dotnet.sql-statement-built
        var d = new SqlCommand("select * from t where id = " + int.Parse(id), db);
    }
}
