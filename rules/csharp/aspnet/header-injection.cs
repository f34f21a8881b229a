public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.header-injection
        Response.Headers["X-Name"] = name;
        // ruleid: csharp.aspnet.header-injection
        Response.Headers.Add("X-Name", "n=" + name);
        // ruleid: csharp.aspnet.header-injection
        Response.AddHeader("X-Name", name);
        // ok: csharp.aspnet.header-injection
        Response.Headers["X-Name"] = Uri.EscapeDataString(name);
        // ok: csharp.aspnet.header-injection
        Response.Headers["X-Name"] = "fixed";
        // ok: csharp.aspnet.header-injection
        other.Add("X-Name", name);
    }
}
