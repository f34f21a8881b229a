public class Startup
{
    public void Set(CorsPolicyBuilder policy)
    {
        // ruleid: csharp.aspnet.cors-any-origin
        policy.AllowAnyOrigin();
        // ruleid: csharp.aspnet.cors-any-origin
        policy.SetIsOriginAllowed(origin => true).AllowCredentials();
        // ruleid: csharp.aspnet.cors-any-origin
        policy.WithOrigins("*");
        // ok: csharp.aspnet.cors-any-origin
        policy.WithOrigins("https://example.org");
        // ok: csharp.aspnet.cors-any-origin
        policy.SetIsOriginAllowed(origin => origin == home);
        // ok: csharp.aspnet.cors-any-origin
        policy.AllowAnyHeader();
    }
}
