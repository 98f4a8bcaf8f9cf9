using System.Text.Json;
using Countersign.Harness;

namespace Countersign.Passwords.Tests.Support;

/// <summary>Test vectors that lie outside the project; a test without them is skipped by name.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        string folder = Environment.GetEnvironmentVariable("COUNTERSIGN_VECTORS") ?? Path.Combine(Repository.Root, "..", "shared", "vectors");
        string path = Path.Combine(folder, name);
        Assert.SkipUnless(File.Exists(path), $"The test vectors {name} are not here.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    public static string Text(this JsonElement row, string member) => row.GetProperty(member).GetString()!;
}
