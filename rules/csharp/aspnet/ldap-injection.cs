public class HomeController : Controller
{
    public void Run(HttpRequest other)
    {
        string name = Request.Query["name"];
        // ruleid: csharp.aspnet.ldap-injection
        searcher.Filter = "(uid=" + name + ")";
        // ruleid: csharp.aspnet.ldap-injection
        var a = new DirectorySearcher("(uid=" + name + ")");
        // ruleid: csharp.aspnet.ldap-injection
        var b = new DirectoryEntry("LDAP://host/uid=" + name);
        // ok: csharp.aspnet.ldap-injection
        searcher.Filter = "(uid=" + Encoder.LdapFilterEncode(name) + ")";
        // ok: csharp.aspnet.ldap-injection
        searcher.Filter = "(uid=fixed)";
        // ok: csharp.aspnet.ldap-injection
        searcher.Name = name;
    }
}
