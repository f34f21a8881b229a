public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.log-injection
        logger.LogInformation("login of " + name);
        // ruleid: csharp.aspnet.log-injection
        logger.LogWarning($"login of {name}");
        // ruleid: csharp.aspnet.log-injection
        Log.Error(name);
        // ok: csharp.aspnet.log-injection
        logger.LogInformation("login of {Name}", name);
        // ok: csharp.aspnet.log-injection
        logger.LogInformation("login of " + name.Replace("\n", ""));
        // ok: csharp.aspnet.log-injection
        logger.LogInformation("login");
    }
}
