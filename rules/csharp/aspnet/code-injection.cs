public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.code-injection
        CSharpScript.EvaluateAsync(name);
        // ruleid: csharp.aspnet.code-injection
        Type.GetType("Shop." + name);
        // ruleid: csharp.aspnet.code-injection
        Assembly.LoadFrom(name);
        // ok: csharp.aspnet.code-injection
        CSharpScript.EvaluateAsync("1 + 1");
        // ok: csharp.aspnet.code-injection
        Type.GetType("Shop.User");
        // ok: csharp.aspnet.code-injection
        table.GetType(name);
    }
}
