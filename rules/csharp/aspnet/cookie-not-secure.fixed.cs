class Sample
{
    void Flawed(CookieOptions options, HttpCookie cookie, CookieBuilder builder)
    {
        // ruleid: csharp.aspnet.cookie-not-secure
        options.Secure = true;
        // ruleid: csharp.aspnet.cookie-not-secure
        cookie.Secure = true;
        // ruleid: csharp.aspnet.cookie-not-secure
        builder.SecurePolicy = CookieSecurePolicy.None;
    }

    void Sound(CookieOptions options, CookieBuilder builder)
    {
        // ok: csharp.aspnet.cookie-not-secure
        options.Secure = true;
        // ok: csharp.aspnet.cookie-not-secure
        options.HttpOnly = false;
        // ok: csharp.aspnet.cookie-not-secure
        builder.SecurePolicy = CookieSecurePolicy.Always;
    }
}
