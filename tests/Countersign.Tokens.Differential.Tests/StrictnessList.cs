using System.Text.RegularExpressions;
using Countersign.Harness;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>The table in docs/strictness.md: which of our refusals which other library does not share.</summary>
internal static partial class StrictnessList
{
    private static readonly Lazy<IReadOnlySet<(string Code, string Peer)>> Rows = new(Read);

    public static IReadOnlySet<(string Code, string Peer)> All => Rows.Value;

    private static HashSet<(string Code, string Peer)> Read()
    {
        HashSet<(string, string)> rows = [];
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "strictness.md"))))
        {
            foreach (var peer in row.Groups["peers"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                rows.Add((row.Groups["code"].Value, peer));
            }
        }

        return rows;
    }

    [GeneratedRegex(
        @"^\| \[`(?<code>[a-z_0-9]+)`\]\([^)]*\) \|[^|]*\|(?<peers>[^|]*)\|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
