public class Store
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.hard-coded-connection-password
        var a = new SqlConnection("Server=db;User=app;Password=summer-2024");
        // ruleid: csharp.dotnet.hard-coded-connection-password
        var b = new NpgsqlConnection("Host=db;Username=app;Password=summer-2024;");
        // ruleid: csharp.dotnet.hard-coded-connection-password
        var c = new MySqlConnection("server=db;uid=app;pwd=summer-2024");
    }
    void Sound(string text)
    {
        // ok: csharp.dotnet.hard-coded-connection-password
        var a = new SqlConnection(text);
        // ok: csharp.dotnet.hard-coded-connection-password
        var b = new SqlConnection("Server=db;Integrated Security=true");
        // ok: csharp.dotnet.hard-coded-connection-password
        var c = new SqlConnection("Server=db;Password=" + text);
    }
}
