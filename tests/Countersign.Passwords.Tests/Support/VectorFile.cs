using System.Text.Json;

namespace Countersign.Passwords.Tests.Support;

/// <summary>Test vectors that lie outside the project; a test without them is skipped by name.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        string folder = Environment.GetEnvironmentVariable("COUNTERSIGN_VECTORS") ?? Path.Combine(RepositoryRoot(), "..", "shared", "vectors");
        string path = Path.Combine(folder, name);
        Assert.SkipUnless(File.Exists(path), $"The test vectors {name} are not here.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    public static string Text(this JsonElement row, string member) => row.GetProperty(member).GetString()!;

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
    }
}
