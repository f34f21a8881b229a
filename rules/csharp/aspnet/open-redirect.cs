using System;
using Microsoft.AspNetCore.Mvc;

public class SampleController : Controller
{
    public void Show()
    {
        var name = Request.Query["name"].ToString();
        // ruleid: csharp.aspnet.open-redirect
        Redirect(name);
        // ruleid: csharp.aspnet.open-redirect
        Response.Redirect("http://" + name);
        // ruleid: csharp.aspnet.open-redirect
        var result = new RedirectResult(name);
        // ok: csharp.aspnet.open-redirect
        LocalRedirect(name);
        // ok: csharp.aspnet.open-redirect
        Redirect("/home");
        if (Url.IsLocalUrl(name)) {
            // ok: csharp.aspnet.open-redirect
            Redirect(name);
        }
    }
}
