public class Client
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.old-tls
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
        // ruleid: csharp.dotnet.old-tls
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12 | SecurityProtocolType.Tls12;
        // ruleid: csharp.dotnet.old-tls
        handler.SslProtocols = SslProtocols.Tls12;
    }
    void Sound()
    {
        // ok: csharp.dotnet.old-tls
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
        // ok: csharp.dotnet.old-tls
        handler.SslProtocols = SslProtocols.None;
        // ok: csharp.dotnet.old-tls
        handler.SslProtocols = SslProtocols.Tls13;
    }
}
