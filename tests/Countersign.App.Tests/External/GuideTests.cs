using System.Text.RegularExpressions;
using Countersign.Harness;

namespace Countersign.App.Tests.External;

/// <summary>The guide's code is that of the sample.</summary>
public sealed partial class GuideTests
{
    [Fact]
    public void Guide_EachBlockOfCode_IsInTheSample()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "ExternalLogin"), "*.cs")
            .Select(static file => Trimmed(File.ReadAllText(file)))
            .ToList();
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guides", "external-login.md"));
        var blocks = Block().Matches(guide).Select(static block => Trimmed(block.Groups["code"].Value)).ToList();

        Assert.Equal(3, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) + '\n';

    [GeneratedRegex(
        "^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
