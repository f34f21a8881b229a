using System;
using System.IO;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.path-traversal
        File.ReadAllText("/srv/files/" + name);
        var path = Path.Combine("/srv/files", name);
        // ruleid: csharp.aspnet.path-traversal
        var stream = new FileStream(path, FileMode.Open);
        // ruleid: csharp.aspnet.path-traversal
        File.Delete($"/srv/files/{name}");
        // ok: csharp.aspnet.path-traversal
        File.ReadAllText(Path.Combine("/srv/files", Path.GetFileName(name)));
        // ok: csharp.aspnet.path-traversal
        File.Delete("/srv/files/" + int.Parse(name));
        // ok: csharp.aspnet.path-traversal
        File.ReadAllText("/srv/files/list.txt");
    }
}
