using Countersign.Harness;

namespace Countersign.TestServer;

/// <summary>
/// What a run leaves for people to look at: counts, tables and pictures, in the folder that <c>COUNTERSIGN_ARTIFACTS</c> names, or in <c>artifacts/</c>.
/// </summary>
internal static class Artifacts
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("COUNTERSIGN_ARTIFACTS") is { Length: > 0 } folder ? folder : System.IO.Path.Combine(Repository.Root, "artifacts");

    /// <summary>Where a file is to be written, in a folder that is there.</summary>
    public static string Path(string name) => System.IO.Path.Combine(Directory.CreateDirectory(Folder).FullName, name);

    /// <summary>Writes a file, in place of what an earlier run left.</summary>
    public static Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path(name), text);
}
