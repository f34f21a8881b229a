public class Reader
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.type-names-in-json
        settings.TypeNameHandling = TypeNameHandling.None;
        // ruleid: csharp.dotnet.type-names-in-json
        var a = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.None };
        // ruleid: csharp.dotnet.type-names-in-json
        settings.TypeNameHandling = TypeNameHandling.None;
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
