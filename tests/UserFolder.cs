using System.Runtime.CompilerServices;

namespace Countersign.TestSupport;

/// <summary>Gives the test process a folder for data of the user, so that apps in Development write no master key into the real one.</summary>
internal static class UserFolder
{
    public static string Path { get; } = Directory.CreateTempSubdirectory("countersign-user-").FullName;

    [ModuleInitializer]
#pragma warning disable CA2255 // An executable of tests is no library, and the variable must be set before any app starts.
    internal static void Redirect()
#pragma warning restore CA2255
    {
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", Path);
        System.AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(Path, recursive: true);
    }
}
