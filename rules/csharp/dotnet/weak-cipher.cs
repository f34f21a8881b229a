class Sample
{
    void Flawed(Aes aes)
    {
        // ruleid: csharp.dotnet.weak-cipher
        var first = DES.Create();
        // ruleid: csharp.dotnet.weak-cipher
        var second = new TripleDESCryptoServiceProvider();
        // ruleid: csharp.dotnet.weak-cipher
        aes.Mode = CipherMode.ECB;
    }

    void Sound(Aes aes, byte[] key)
    {
        // ok: csharp.dotnet.weak-cipher
        var first = Aes.Create();
        // ok: csharp.dotnet.weak-cipher
        aes.Mode = CipherMode.CBC;
        // ok: csharp.dotnet.weak-cipher
        var second = new AesGcm(key);
    }
}
