public class Runner
{
    void Run(string name)
    {
        // ruleid: csharp.dotnet.shell-command-from-variable
        Process.Start("cmd.exe", "/c dir " + name);
        // ruleid: csharp.dotnet.shell-command-from-variable
        Process.Start("/bin/bash", $"-c \"ls {name}\"");
        // ruleid: csharp.dotnet.shell-command-from-variable
        var a = new ProcessStartInfo("powershell", "-Command " + name);
        // ok: csharp.dotnet.shell-command-from-variable
        Process.Start("git", "log " + name);
        // ok: csharp.dotnet.shell-command-from-variable
        Process.Start("cmd.exe", "/c dir");
        // ok: csharp.dotnet.shell-command-from-variable
        var b = new ProcessStartInfo("git", "status");
    }
}
