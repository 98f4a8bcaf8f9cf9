using System.Reflection;
using Countersign.OpenApi;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Describes the document, and how to get a token. Nothing in it comes from a request.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    private const string About =
        "Accounts, sessions and tokens for any back end. Access tokens are short-lived JWTs that any service can verify; refresh tokens rotate; a logout takes "
        + "effect at once. Every refusal is a problem document (RFC 9457) with a stable `code`, and each code has [a page](/errors).";

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["auth"] = "Sign-up, login, refresh, logout and sessions.",
        ["users"] = "What an account may do with itself.",
        ["metadata"] = "What other services must know to verify tokens by themselves.",
        ["health"] = "What orchestrators ask.",
        ["pages"] = "Pages for people, and this document.",
    };

    /// <inheritdoc />
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Countersign",
            Description = About,
            Version = Version(),
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Addresses in the document are relative to it. A server address from the request's Host could send clients to a wrong host.
        document.Servers = null;
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = Tags.GetValueOrDefault(tag.Name ?? string.Empty);
        }

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = SecuritySchemes.Of([.. context.DescriptionGroups.SelectMany(static group => group.Items)]);
        return Task.CompletedTask;
    }

    private static string Version() =>
        typeof(DocumentTransformer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
