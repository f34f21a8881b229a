public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.xpath-injection
        document.SelectNodes("//user[@name='" + name + "']");
        // ruleid: csharp.aspnet.xpath-injection
        document.SelectSingleNode($"//user[@name='{name}']");
        // ruleid: csharp.aspnet.xpath-injection
        XPathExpression.Compile("//user[@name='" + name + "']");
        // ok: csharp.aspnet.xpath-injection
        document.SelectNodes("//user");
        // ok: csharp.aspnet.xpath-injection
        document.SelectNodes("//user[" + int.Parse(name) + "]");
        // ok: csharp.aspnet.xpath-injection
        document.Load(name);
    }
}
