using System.Text.RegularExpressions;
using Countersign.Harness;

namespace Countersign.Testing.Tests;

/// <summary>The guide's code is that of the tests in this project.</summary>
public sealed partial class GuideTests
{
    [Fact]
    public void Guide_EachBlockOfCode_IsCompiledHere()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Countersign.Testing.Tests"), "*.cs")
            .Select(static file => Trimmed(File.ReadAllText(file)))
            .ToList();
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guides", "testing.md"));
        var blocks = Block().Matches(guide).Select(static block => Trimmed(block.Groups["code"].Value)).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) + '\n';

    [GeneratedRegex(
        "^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
