class Sample
{
    void Flawed(byte[] data)
    {
        // ruleid: csharp.dotnet.weak-hash
        var first = MD5.Create();
        // ruleid: csharp.dotnet.weak-hash
        var second = SHA1.HashData(data);
        // ruleid: csharp.dotnet.weak-hash
        var third = new MD5CryptoServiceProvider();
    }

    void Sound(byte[] data)
    {
        // ok: csharp.dotnet.weak-hash
        var first = SHA256.Create();
        // ok: csharp.dotnet.weak-hash
        var second = SHA512.HashData(data);
        // ok: csharp.dotnet.weak-hash
        var third = HashAlgorithm.Create("SHA256");
    }
}
