class Sample
{
    void Flawed(HttpClientHandler handler)
    {
        // ruleid: csharp.dotnet.tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true;
        // ruleid: csharp.dotnet.tls-verification-off
        handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        // ruleid: csharp.dotnet.tls-verification-off
        ServicePointManager.ServerCertificateValidationCallback = (sender, certificate, chain, errors) => true;
    }

    void Sound(HttpClientHandler handler)
    {
        // ok: csharp.dotnet.tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => errors == SslPolicyErrors.None;
        // ok: csharp.dotnet.tls-verification-off
        handler.ServerCertificateCustomValidationCallback = null;
        // ok: csharp.dotnet.tls-verification-off
        handler.CheckCertificateRevocationList = true;
    }
}
