using Countersign.Harness;

namespace Countersign.Conformance.Nodes;

/// <summary>Copies folders with owners and modes, as a database requires.</summary>
internal static class Folders
{
    public static async Task CopyAsync(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        await new ProcessCommand(["cp", "--archive", from, to]).RunOrThrowAsync();
    }

    public static async Task ReplaceAsync(string from, string to)
    {
        Directory.Delete(to, recursive: true);
        await CopyAsync(from, to);
    }
}
