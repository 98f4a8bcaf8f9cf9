using System.Text.Json;
using Countersign.Harness;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>
/// Public test vectors, which have licences of their own and are kept outside the repository: in the folder that COUNTERSIGN_VECTORS names, or in
/// <c>../shared/vectors</c> beside the repository. Tests that need a missing file are skipped by name.
/// </summary>
internal static class VectorFiles
{
    public static JsonElement Read(string name)
    {
        var path = Path.Combine(Folder(), name);
        Assert.SkipUnless(File.Exists(path), $"test vectors not found: {name}");
        return JsonElement.Parse(File.ReadAllBytes(path));
    }

    /// <summary>The files of a folder, by the names that <see cref="Read"/> takes.</summary>
    public static IReadOnlyList<string> List(string folder)
    {
        var path = Path.Combine(Folder(), folder);
        Assert.SkipUnless(Directory.Exists(path), $"test vectors not found: {folder}");
        return [.. Directory.EnumerateFiles(path, "*.json").Select(file => $"{folder}/{Path.GetFileName(file)}")];
    }

    /// <summary>Vectors of the project's own making, in the repository.</summary>
    public static JsonElement ReadOwn(string name) => JsonElement.Parse(ReadOwnText(name));

    /// <summary>The same, as text.</summary>
    public static string ReadOwnText(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "vectors", name));

    private static string Folder() =>
        Environment.GetEnvironmentVariable("COUNTERSIGN_VECTORS") is { Length: > 0 } named ? named : Path.Combine(Repository.Root, "..", "shared", "vectors");
}
