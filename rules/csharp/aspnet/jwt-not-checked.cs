public class Startup
{
    public void Set(JwtBearerOptions options)
    {
        options.TokenValidationParameters = new TokenValidationParameters
        {
            // ruleid: csharp.aspnet.jwt-not-checked
            RequireSignedTokens = false,
            // ruleid: csharp.aspnet.jwt-not-checked
            ValidateLifetime = false,
            // ruleid: csharp.aspnet.jwt-not-checked
            ValidateIssuerSigningKey = false,
            // ok: csharp.aspnet.jwt-not-checked
            ValidateIssuer = true,
        };
        // ok: csharp.aspnet.jwt-not-checked
        options.SaveToken = false;
        // ok: csharp.aspnet.jwt-not-checked
        options.RequireHttpsMetadata = true;
    }
}
