using System.Text.RegularExpressions;
using Countersign.Harness;

namespace Countersign.TestSupport;

/// <summary>The blocks of C# in a page. Each must stand in code that is compiled, so that a reader can copy it.</summary>
public static partial class Listings
{
    /// <summary>Asserts that a page has blocks of C#, and that each stands in one of the files. Indentation and empty lines do not count.</summary>
    /// <param name="page">The page, from the root of the repository.</param>
    /// <param name="files">The files, or folders whose <c>.cs</c> files they are, from the root of the repository.</param>
    /// <returns>How many blocks the page has.</returns>
    public static int AssertCompiled(string page, params string[] files)
    {
        var sources = files.Select(static file => Path.Combine(Repository.Root, file))
            .SelectMany(static file => Directory.Exists(file) ? Directory.EnumerateFiles(file, "*.cs") : [file])
            .Select(static file => Trim(File.ReadAllText(file)))
            .ToList();
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).Select(static block => Trim(block.Groups["code"].Value)).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
        return blocks.Count;
    }

    /// <summary>A listing stands further left than the method that compiles it.</summary>
    private static string Trim(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) + '\n';

    [GeneratedRegex(
        "^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
