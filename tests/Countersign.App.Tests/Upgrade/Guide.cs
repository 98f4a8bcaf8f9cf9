namespace Countersign.App.Tests.Upgrade;

/// <summary>
/// A page of docs/guides that a test follows word for word. Before each of its code blocks stands a comment that a reader doesn't see: what to do with the
/// block, and the file that it is about.
/// </summary>
internal sealed class Guide
{
    /// <summary>The verbs: run a script, expect lines of what it wrote, write a file, change a file, run SQL, or nothing.</summary>
    private static readonly string[] Verbs = ["run", "see", "file", "change", "sql", "read"];

    private const string Mark = "<!-- upgrade: ";
    private const string MarkEnd = " -->";
    private const string Fence = "```";

    private Guide(IReadOnlyList<GuideBlock> blocks) => Blocks = blocks;

    public IReadOnlyList<GuideBlock> Blocks { get; }

    /// <exception cref="FormatException">A block has no comment, or one that is not known.</exception>
    public static Guide Read(string text)
    {
        List<GuideBlock> blocks = [];
        var lines = text.Split('\n');
        var section = string.Empty;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("##", StringComparison.Ordinal))
            {
                section = lines[i].TrimStart('#').Trim();
            }
            else if (lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, Fence, i + 1);
                var (verb, target) = Parse(i == 0 ? string.Empty : lines[i - 1], i + 1);
                blocks.Add(new GuideBlock(section, verb, target, string.Concat(lines[(i + 1)..end].Select(static line => line + "\n")), i + 1));
                i = end;
            }
        }

        return new Guide(blocks);
    }

    /// <summary>The blocks under a heading.</summary>
    public IReadOnlyList<GuideBlock> Section(string heading)
    {
        var blocks = Blocks.Where(block => block.Section == heading).ToList();
        Assert.True(blocks.Count > 0, $"The guide has no blocks under '{heading}'.");
        return blocks;
    }

    private static (string Verb, string Target) Parse(string comment, int line)
    {
        var words = comment.StartsWith(Mark, StringComparison.Ordinal) && comment.EndsWith(MarkEnd, StringComparison.Ordinal)
            ? comment[Mark.Length..^MarkEnd.Length].Split(' ', 2)
            : [];
        return words is [var verb, ..] && Verbs.Contains(verb)
            ? (verb, words.ElementAtOrDefault(1) ?? string.Empty)
            : throw new FormatException($"Line {line}: before a code block stands '{Mark}run{MarkEnd}', or another of {string.Join(", ", Verbs)}.");
    }
}
