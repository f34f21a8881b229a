public class HomeController : Controller
{
    public void Run(string text)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.regex-injection
        var a = new Regex(name);
        // ruleid: csharp.aspnet.regex-injection
        Regex.IsMatch(text, "^" + name);
        // ruleid: csharp.aspnet.regex-injection
        Regex.Replace(text, name, "");
        // ok: csharp.aspnet.regex-injection
        var b = new Regex(Regex.Escape(name));
        // ok: csharp.aspnet.regex-injection
        Regex.IsMatch(name, "^[a-z]+$");
        // ok: csharp.aspnet.regex-injection
        var c = new Pattern(name);
    }
}
