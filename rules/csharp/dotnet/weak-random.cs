class Sample
{
    void Flawed()
    {
        // ruleid: csharp.dotnet.weak-random
        var first = new Random();
        // ruleid: csharp.dotnet.weak-random
        var second = new Random(1);
        // ruleid: csharp.dotnet.weak-random
        var third = Random.Shared.Next(10);
    }

    void Sound()
    {
        // ok: csharp.dotnet.weak-random
        var first = RandomNumberGenerator.GetInt32(10);
        // ok: csharp.dotnet.weak-random
        var second = RandomNumberGenerator.Create();
        // ok: csharp.dotnet.weak-random
        var third = new Randomizer();
    }
}
