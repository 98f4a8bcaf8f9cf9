using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Pages;

/// <summary>The frame of all the server's own pages: one document that loads nothing, with one script or none.</summary>
internal static class PageFrame
{
    /// <summary>The server's mark, in SVG.</summary>
    public const string Mark =
        """<svg viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" """ +
        """stroke-linejoin="round"><path d="M4 12a8 8 0 1 1 3 6.2"/><path d="m8.5 12 2.5 2.5L16 9.5"/></g></svg>""";

    // The same mark as a data address, so that no browser asks for /favicon.ico.
    private const string Icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%231f5f8b' stroke-width='2.4' " +
        "stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M4 12a8 8 0 1 1 3 6.2'/%3E%3Cpath d='m8.5 12 2.5 2.5L16 9.5'/%3E%3C/svg%3E";

    private static readonly string Style = ReadStyle();

    /// <summary>
    /// What a page of this frame may load (Content Security Policy 3): its own style, identified by its hash, and the embedded icon. No other page may frame
    /// it.
    /// </summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {HashOf(Style)}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The same for a page with a script: this script, identified by its hash, may run, and may call this server. It may write no HTML.</summary>
    public static string ContentSecurityPolicyOf(string script) =>
        $"{ContentSecurityPolicy}; script-src {HashOf(script)}; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Makes a page.</summary>
    /// <param name="title">The title; plain text.</param>
    /// <param name="main">The content of the page; HTML that is safe.</param>
    /// <param name="way">Further links of the breadcrumb, after the link to the first page; HTML. Null for the first page.</param>
    /// <param name="width">The class of the body: <c>wide</c> for a page with a table, <c>narrow</c> for one with a form. Null for a text.</param>
    /// <param name="script">The module of the page; null for none.</param>
    /// <returns>The document in UTF-8.</returns>
    public static byte[] Render(string title, string main, string? way = null, string? width = null, string? script = null) => Encoding.UTF8.GetBytes($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <link rel="icon" href="{Icon}">
        <style>{Style}</style>
        </head>
        <body{(width is null ? null : $" class=\"{width}\"")}>
        <header>{(way is null ? null : Mark + "<a href=\"/\">Countersign</a>" + way)}</header>
        <main>
        {main}
        </main>
        {(script is null ? null : $"<script type=\"module\">{script}</script>")}
        </body>
        </html>

        """);

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("pages/page.css")!;
        using var reader = new StreamReader(stream);

        // A browser hashes the text with line feeds, but the file may have other line ends after a checkout.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
