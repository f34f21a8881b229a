public class UsersController : Controller
{
    [HttpPost]
    public IActionResult Create(User user)
    {
        // ruleid: csharp.aspnet.mass-assignment
        _context.Add(user);
        return Ok();
    }
    [HttpPost("make")]
    public IActionResult Make(User user)
    {
        // ruleid: csharp.aspnet.mass-assignment
        _context.Users.Add(user);
        return Ok();
    }
    [HttpPut("{id}")]
    public IActionResult Change(int id, User user)
    {
        // ruleid: csharp.aspnet.mass-assignment
        db.Update(user);
        return Ok();
    }
    [HttpPost]
    public IActionResult Bound([Bind("Name")] User user)
    {
        // ok: csharp.aspnet.mass-assignment
        _context.Add(user);
        return Ok();
    }
    [HttpPost]
    public IActionResult Form(UserForm form)
    {
        var user = new User { Name = form.Name };
        // ok: csharp.aspnet.mass-assignment
        _context.Add(user);
        return Ok();
    }
    public void Job(User user)
    {
        // ok: csharp.aspnet.mass-assignment
        _context.Add(user);
    }
}
