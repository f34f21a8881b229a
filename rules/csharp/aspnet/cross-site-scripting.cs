using System;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.cross-site-scripting
        var first = new HtmlString("<b>" + name + "</b>");
        // ruleid: csharp.aspnet.cross-site-scripting
        Response.WriteAsync($"Hello {name}");
        // ruleid: csharp.aspnet.cross-site-scripting
        var second = Content("Hello " + name, "text/html");
        // ok: csharp.aspnet.cross-site-scripting
        var third = new HtmlString("<b>" + HtmlEncoder.Default.Encode(name) + "</b>");
        // ok: csharp.aspnet.cross-site-scripting
        var fourth = Content("Hello " + name, "text/plain");
        // ok: csharp.aspnet.cross-site-scripting
        Response.WriteAsync("Hello");
    }
}
