class Sample
{
    void Flawed(JsonSerializerSettings settings)
    {
        // ruleid: csharp.dotnet.unsafe-deserialization
        var first = new BinaryFormatter();
        // ruleid: csharp.dotnet.unsafe-deserialization
        settings.TypeNameHandling = TypeNameHandling.All;
        // ruleid: csharp.dotnet.unsafe-deserialization
        var second = new LosFormatter();
    }

    void Sound(JsonSerializerSettings settings, string text)
    {
        // ok: csharp.dotnet.unsafe-deserialization
        var first = JsonSerializer.Deserialize<User>(text);
        // ok: csharp.dotnet.unsafe-deserialization
        settings.TypeNameHandling = TypeNameHandling.None;
        // ok: csharp.dotnet.unsafe-deserialization
        var second = new JavaScriptSerializer();
    }
}
