public class Keys
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.weak-key
        var a = new RSACryptoServiceProvider(1024);
        // ruleid: csharp.dotnet.weak-key
        var b = RSA.Create(512);
        // ruleid: csharp.dotnet.weak-key
        var c = new DSACryptoServiceProvider(1024);
    }
    void Sound(int bits)
    {
        // ok: csharp.dotnet.weak-key
        var a = new RSACryptoServiceProvider(2048);
        // ok: csharp.dotnet.weak-key
        var b = RSA.Create(4096);
        // ok: csharp.dotnet.weak-key
        var c = ECDsa.Create(256);
    }
}
