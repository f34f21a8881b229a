public class HomeController : Controller
{
    // ruleid: csharp.aspnet.request-validation-off
    [ValidateInput(false)]
    public ActionResult Save(string text) { return View(); }
    // ruleid: csharp.aspnet.request-validation-off
    [HttpPost, ValidateInput(false)]
    public ActionResult Store(string text) { return View(); }
    // ruleid: csharp.aspnet.request-validation-off
    [AllowHtml]
    public string Text { get; set; }
    // ok: csharp.aspnet.request-validation-off
    [ValidateInput(true)]
    public ActionResult Keep(string text) { return View(); }
    // ok: csharp.aspnet.request-validation-off
    [HttpPost]
    public ActionResult Show(string text) { return View(); }
    // ok: csharp.aspnet.request-validation-off
    [Required]
    public string Name { get; set; }
}
