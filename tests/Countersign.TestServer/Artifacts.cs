namespace Countersign.TestServer;

/// <summary>What a run leaves for people to look at: counts and tables, in the folder that <c>COUNTERSIGN_ARTIFACTS</c> names, or in <c>artifacts/</c>.</summary>
internal static class Artifacts
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("COUNTERSIGN_ARTIFACTS") is { Length: > 0 } folder ? folder : Path.Combine(Repository.Root, "artifacts");

    /// <summary>Writes a file, in place of what an earlier run left.</summary>
    public static async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, name), text);
    }
}
