public class Reader
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.type-names-in-json
        settings.TypeNameHandling = TypeNameHandling.All;
        // ruleid: csharp.dotnet.type-names-in-json
        var a = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.Auto };
        // ruleid: csharp.dotnet.type-names-in-json
        settings.TypeNameHandling = TypeNameHandling.Objects;
    }
    void Sound()
    {
        // ok: csharp.dotnet.type-names-in-json
        settings.TypeNameHandling = TypeNameHandling.None;
        // ok: csharp.dotnet.type-names-in-json
        var a = new JsonSerializerSettings();
        // ok: csharp.dotnet.type-names-in-json
        settings.Kind = Kind.All;
    }
}
