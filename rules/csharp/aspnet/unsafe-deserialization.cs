public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.unsafe-deserialization
        new BinaryFormatter().Deserialize(Request.Body);
        // ruleid: csharp.aspnet.unsafe-deserialization
        new LosFormatter().Deserialize(name);
        // ruleid: csharp.aspnet.unsafe-deserialization
        XamlReader.Parse(name);
        // ok: csharp.aspnet.unsafe-deserialization
        JsonSerializer.Deserialize<User>(name);
        // ok: csharp.aspnet.unsafe-deserialization
        new BinaryFormatter().Deserialize(File.OpenRead("cache.bin"));
        // ok: csharp.aspnet.unsafe-deserialization
        form.Deserialize(name);
    }
}
