public class HomeController : Controller
{
    public void Run()
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.nosql-injection
        BsonDocument.Parse("{ name: '" + name + "' }");
        // ruleid: csharp.aspnet.nosql-injection
        new JsonFilterDefinition<User>("{ name: '" + name + "' }");
        // ruleid: csharp.aspnet.nosql-injection
        new BsonJavaScript("this.name == '" + name + "'");
        // ok: csharp.aspnet.nosql-injection
        Builders<User>.Filter.Eq("name", name);
        // ok: csharp.aspnet.nosql-injection
        BsonDocument.Parse("{ name: 'fixed' }");
        // ok: csharp.aspnet.nosql-injection
        JsonDocument.Parse(name);
    }
}
