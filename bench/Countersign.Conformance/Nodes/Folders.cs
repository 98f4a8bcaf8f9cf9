using System.Diagnostics;

namespace Countersign.Conformance.Nodes;

/// <summary>Copies that keep owners and modes, as a database insists.</summary>
internal static class Folders
{
    public static async Task CopyAsync(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        using var copy = Process.Start("cp", ["--archive", from, to]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0)
        {
            throw new IOException($"{from} could not be copied.");
        }
    }

    public static async Task ReplaceAsync(string from, string to)
    {
        Directory.Delete(to, recursive: true);
        await CopyAsync(from, to);
    }
}
