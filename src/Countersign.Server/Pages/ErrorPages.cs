using System.Collections.Frozen;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Countersign.Server.Pages;

/// <summary>The pages of the reason codes. The member <c>type</c> of a problem document links to them.</summary>
internal sealed class ErrorPages
{
    /// <summary>The path of the pages, without the code.</summary>
    public const string Address = "/errors/";

    private const string ContentsTitle = "Reason codes";
    private const string Ending = ".md";
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

    /// <summary>Renders the pages, once.</summary>
    public static ErrorPages Read() => new(
        Render(ReasonCodePages.Contents, ContentsTitle, isContents: true),
        ReasonCodePages.Codes.ToFrozenDictionary(
            static code => code, static code => Render(ReasonCodePages.Find(code)!, Problem.InWords(code), isContents: false), StringComparer.Ordinal));

    /// <summary>Finds the page of a reason code.</summary>
    /// <returns>Null if there is no such code.</returns>
    public Page? Find(string code) => _pages.GetValueOrDefault(code);

    private static Page Render(string text, string title, bool isContents)
    {
        var document = Markdig.Markdown.Parse(text, Markdown);
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.Url = AddressOf(link.Url);
        }

        return new Page(PageFrame.Render(title, document.ToHtml(Markdown), isContents ? string.Empty : Way, isContents ? "wide" : null));
    }

    /// <summary>Changes links between pages: in the repository the pages are files in one folder, and here they share one address.</summary>
    private static string? AddressOf(string? url) =>
        url?.EndsWith(Ending, StringComparison.Ordinal) == true && !url.Contains('/', StringComparison.Ordinal) ? Address + url[..^Ending.Length] : url;
}
