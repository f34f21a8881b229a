using System;
using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.command-injection
        Process.Start("cmd.exe", "/c ping " + name);
        // ruleid: csharp.aspnet.command-injection
        Process.Start(name);
        var info = new ProcessStartInfo("sh");
        // ruleid: csharp.aspnet.command-injection
        info.Arguments = $"-c \"ping {name}\"";
        // ok: csharp.aspnet.command-injection
        Process.Start("ping", "localhost");
        // ok: csharp.aspnet.command-injection
        info.ArgumentList.Add(name);
        // ok: csharp.aspnet.command-injection
        Process.Start("ping", "-n " + int.Parse(name) + " localhost");
    }
}
