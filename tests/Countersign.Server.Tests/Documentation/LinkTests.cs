using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Documentation;

/// <summary>What a text refers to is in the repository.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Folders = ["src", "tests", "bench", "samples", "docs"];

    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
        .Concat([SourceMap, Path.Combine(Repository.Root, "bench", "README.md")]);

    private static string SourceMap => Path.Combine(Repository.Root, "src", "README.md");

    [Fact]
    public void Pages_RelativeLinks_LeadToFilesAndHeadings()
    {
        List<string> broken = [];
        foreach (var page in Pages)
        {
            foreach (Match link in Link().Matches(WithoutCode(File.ReadAllText(page))))
            {
                var target = link.Groups["path"].Value is { Length: > 0 } path ? Path.GetFullPath(path, Path.GetDirectoryName(page)!) : page;
                var anchor = link.Groups["anchor"].Value;
                if (!Path.Exists(target) || (anchor.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(target).Contains(anchor)))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Root, page)}: {link.Value}");
                }
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>A row of the map names a member; each file of the row has it.</summary>
    [Fact]
    public void SourceMap_EachFile_HasTheMember()
    {
        var rows = File.ReadLines(SourceMap).Where(static line => line.Contains(".cs)", StringComparison.Ordinal)).ToList();

        Assert.True(rows.Count > 10);
        Assert.All(rows, static row =>
        {
            var member = Member().Match(row).Groups["name"].Value;
            Assert.NotEmpty(member);
            Assert.All(
                Link().Matches(row).Select(static link => link.Groups["path"].Value).Where(static path => path.EndsWith(".cs", StringComparison.Ordinal)),
                path => Assert.Contains(
                    member,
                    Word().Matches(File.ReadAllText(Path.GetFullPath(path, Path.GetDirectoryName(SourceMap)!))).Select(static word => word.Value)));
        });
    }

    /// <summary>Plans and rules that are kept elsewhere tell a reader nothing.</summary>
    [Fact]
    public void Sources_CiteNoPaperThatIsNotThere() => Assert.Empty(Folders
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
        .Where(static file => (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal))
            && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(static file => Paper().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(Repository.Root, file)}: {match.Value}")));

    /// <summary>The anchors of a page's headings, as they are made where the repository is shown.</summary>
    private static HashSet<string> Anchors(string page) => WithoutCode(File.ReadAllText(page)).Split('\n')
        .Where(static line => line.StartsWith('#'))
        .Select(static line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    private static string WithoutCode(string text) => CodeBlock().Replace(text, string.Empty);

    [GeneratedRegex(@"\]\((?!https?:|mailto:)(?<path>[^)#\s]*)(#(?<anchor>[^)\s]+))?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    /// <summary>The last cell of a row of the map.</summary>
    [GeneratedRegex(@"\| `(?<name>\w+)` \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Member();

    [GeneratedRegex(@"\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(
        @"\b(DESIGN|NEXT|REVIEW|AUDIT|TRIALS) (section|§)|\brule [A-Z]-\d|\([A-Z]-\d\d\)|\bSPEC [A-Z]\d",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Paper();
}
