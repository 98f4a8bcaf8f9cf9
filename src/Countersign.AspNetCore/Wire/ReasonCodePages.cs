using System.Collections.Frozen;

namespace Countersign.AspNetCore.Wire;

/// <summary>The pages of the reason codes, as Markdown: the files of <c>docs/errors</c>.</summary>
internal static class ReasonCodePages
{
    private const string Folder = "errors/";
    private const string Ending = ".md";
    private const string ContentsName = "README";

    private static readonly FrozenDictionary<string, string> Pages = typeof(ReasonCodePages).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(static name => name[Folder.Length..^Ending.Length], Read, StringComparer.Ordinal);

    /// <summary>The list of all codes.</summary>
    public static string Contents => Pages[ContentsName];

    /// <summary>All codes that have a page.</summary>
    public static IEnumerable<string> Codes => Pages.Keys.Where(static name => !string.Equals(name, ContentsName, StringComparison.Ordinal));

    /// <summary>Finds the page of a code.</summary>
    /// <returns>Null if there is no such code.</returns>
    public static string? Find(string code) => string.Equals(code, ContentsName, StringComparison.Ordinal) ? null : Pages.GetValueOrDefault(code);

    private static string Read(string name)
    {
        using var stream = typeof(ReasonCodePages).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
