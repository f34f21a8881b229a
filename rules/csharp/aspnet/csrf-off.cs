public class HomeController : Controller
{
    // ruleid: csharp.aspnet.csrf-off
    [IgnoreAntiforgeryToken]
    public ActionResult Save(string text) { return View(); }
    // ok: csharp.aspnet.csrf-off
    [ValidateAntiForgeryToken]
    public ActionResult Keep(string text) { return View(); }
    public void Set(MvcOptions options)
    {
        // ruleid: csharp.aspnet.csrf-off
        options.Filters.Add(new IgnoreAntiforgeryTokenAttribute());
        // ruleid: csharp.aspnet.csrf-off
        app.MapPost("/save", Save).DisableAntiforgery();
        // ok: csharp.aspnet.csrf-off
        options.Filters.Add(new AutoValidateAntiforgeryTokenAttribute());
        // ok: csharp.aspnet.csrf-off
        app.MapPost("/save", Save);
    }
}
