public class Startup
{
    public void Set(JwtBearerOptions options)
    {
        options.TokenValidationParameters = new TokenValidationParameters
        {
            // ruleid: csharp.aspnet.jwt-not-checked
            RequireSignedTokens = true,
            // ruleid: csharp.aspnet.jwt-not-checked
            ValidateLifetime = true,
            // ruleid: csharp.aspnet.jwt-not-checked
            ValidateIssuerSigningKey = true,
            // ok: csharp.aspnet.jwt-not-checked
            ValidateIssuer = true,
        };
        // ok: csharp.aspnet.jwt-not-checked
        options.SaveToken = false;
        // ok: csharp.aspnet.jwt-not-checked
        options.RequireHttpsMetadata = true;
    }
}
