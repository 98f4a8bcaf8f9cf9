using System.Text;

namespace Countersign.Server.Pages;

/// <summary>The first page: what this server is, with links.</summary>
internal static class HomePage
{
    private const string About =
        $"""
        <h1>{PageFrame.Mark}Countersign</h1>
        <p class="lead">This server keeps accounts and sessions. Applications send people's logins here and get tokens back: short-lived
        access tokens that any service can verify by itself, and refresh tokens that rotate. A logout, a changed password or a
        deactivated account takes effect at once.</p>
        <ul class="links">

        """;

    /// <summary>Makes the page.</summary>
    /// <param name="docs">Whether there is a documentation page.</param>
    public static Page Create(bool docs)
    {
        var main = new StringBuilder(About);
        if (docs)
        {
            Link(main, "/docs", "Documentation", "Every route; log in and try them");
            Link(main, "/openapi/v1.json", "OpenAPI document", "The same for programs: generate a client from it");
        }

        Link(main, "/.well-known/openid-configuration", "Metadata", "The issuer, its keys and its endpoints, as other services read them");
        Link(main, "/health/ready", "Readiness", "Whether the server can do its work just now");
        Link(main, "/errors", "Reason codes", "What each refusal means, who can mend it, and how");
        main.Append("</ul>");
        return new Page(PageFrame.Render("Countersign", main.ToString()));
    }

    private static void Link(StringBuilder main, string address, string name, string about) =>
        main.Append(System.Globalization.CultureInfo.InvariantCulture, $"<li><a href=\"{address}\"><b>{name}</b><span>{about}</span></a></li>\n");
}
