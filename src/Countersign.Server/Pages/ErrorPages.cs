using System.Collections.Frozen;
using System.Reflection;
using Countersign.Bearer.Problems;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Countersign.Server.Pages;

/// <summary>The pages of the reason codes. The member <c>type</c> of a problem document links to them.</summary>
internal sealed class ErrorPages
{
    private const string Folder = "errors/";
    private const string Ending = ".md";
    private const string Contents = "README";
    private const string ContentsTitle = "Reason codes";
    private const string Way = $"""<a href="/errors">{ContentsTitle}</a>""";

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    private readonly FrozenDictionary<string, Page> _pages;

    private ErrorPages(Page index, FrozenDictionary<string, Page> pages)
    {
        Index = index;
        _pages = pages;
    }

    /// <summary>The list of all pages.</summary>
    public Page Index { get; }

    /// <summary>Renders the pages in the assembly, once.</summary>
    public static ErrorPages Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static name => name[Folder.Length..^Ending.Length])
            .Where(static name => !string.Equals(name, Contents, StringComparison.Ordinal));
        return new ErrorPages(
            Render(assembly, Contents, ContentsTitle),
            names.ToFrozenDictionary(static name => name, name => Render(assembly, name, Problem.InWords(name)), StringComparer.Ordinal));
    }

    /// <summary>Finds the page of a reason code.</summary>
    /// <returns>Null if there is no such code.</returns>
    public Page? Find(string code) => _pages.GetValueOrDefault(code);

    private static Page Render(Assembly assembly, string name, string title)
    {
        using var stream = assembly.GetManifestResourceStream(Folder + name + Ending)!;
        using var reader = new StreamReader(stream);
        var document = Markdig.Markdown.Parse(reader.ReadToEnd(), Markdown);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.Url = Address(link.Url);
        }

        var isContents = string.Equals(name, Contents, StringComparison.Ordinal);
        return new Page(PageFrame.Render(title, document.ToHtml(Markdown), isContents ? string.Empty : Way, isContents));
    }

    /// <summary>Changes links between pages: in the repository the pages are files in one folder, and here they share one address.</summary>
    private static string? Address(string? url) =>
        url?.EndsWith(Ending, StringComparison.Ordinal) == true && !url.Contains('/', StringComparison.Ordinal) ? $"/errors/{url[..^Ending.Length]}" : url;
}
