namespace Countersign.App.Tests.Upgrade;

/// <summary>One code block of a guide.</summary>
/// <param name="Section">The heading above it.</param>
/// <param name="Verb">What is to be done with it.</param>
/// <param name="Target">The file that it is about; empty for none.</param>
/// <param name="Text">Its lines, each with its end.</param>
/// <param name="Line">Where it begins in the page, from 1.</param>
internal sealed record GuideBlock(string Section, string Verb, string Target, string Text, int Line)
{
    private IEnumerable<string> Lines => Text.Split('\n')[..^1];

    /// <summary>Applies a block that shows a change: lines that stay begin with a space, the others with <c>-</c> and <c>+</c>.</summary>
    /// <param name="file">The file's text.</param>
    public string Apply(string file)
    {
        var before = string.Concat(Lines.Where(static line => !line.StartsWith('+')).Select(static line => Strip(line) + "\n"));
        var after = string.Concat(Lines.Where(static line => !line.StartsWith('-')).Select(static line => Strip(line) + "\n"));
        var places = ("\n" + file).Split("\n" + before).Length - 1;
        Assert.True(places == 1, $"Line {Line} of the guide: {Target} has these lines {places} times, not once:\n{before}\nIt is:\n{file}");
        var at = ("\n" + file).IndexOf("\n" + before, StringComparison.Ordinal);
        return file[..at] + after + file[(at + before.Length)..];
    }

    /// <summary>The lines of C# that a reader types for this block: without empty ones and usings.</summary>
    public int CountTypedLines() => Verb == "change" && Target.EndsWith(".cs", StringComparison.Ordinal)
        ? Lines.Count(static line => line.StartsWith('+') && IsTyped(line[1..]))
        : 0;

    /// <summary>Whether a line counts: not if it is empty or a using.</summary>
    public static bool IsTyped(string line) => line.Trim().Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal);

    // Editors remove the only space of a line that is empty.
    private static string Strip(string line) => line.Length == 0 ? line : line[1..];
}
