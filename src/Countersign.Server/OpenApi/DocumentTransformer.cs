using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
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
        document.Components.SecuritySchemes = Schemes([.. context.DescriptionGroups.SelectMany(static group => group.Items)]);
        return Task.CompletedTask;
    }

    private static Dictionary<string, IOpenApiSecurityScheme> Schemes(ApiDescription[] routes)
    {
        Dictionary<string, IOpenApiSecurityScheme> schemes = new(StringComparer.Ordinal);
        if (Find<PasswordFlowMetadata>(routes) is { } login)
        {
            schemes[Credentials.PasswordFlow] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "Log in with an e-mail address and a password. There are neither clients nor scopes to enter.",
                Flows = new OpenApiOAuthFlows
                {
                    Password = new OpenApiOAuthFlow
                    {
                        TokenUrl = login,
                        RefreshUrl = Find<TokenEndpointMetadata>(routes),
                        Scopes = new Dictionary<string, string>(StringComparer.Ordinal),
                    },
                },
            };
        }

        schemes[Credentials.Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token, as a login or a refresh gives it.",
        };
        if (Find<ClientAuthenticationMetadata>(routes) is not null)
        {
            schemes[Credentials.ClientBasic] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "A confidential client's id and secret, each encoded as in a form (RFC 6749 §2.3.1). They may be members of the form instead.",
            };
        }

        return schemes;
    }

    /// <summary>The path of the route that has a metadata mark.</summary>
    private static Uri? Find<TMark>(ApiDescription[] routes) =>
        routes.FirstOrDefault(static route => route.ActionDescriptor.EndpointMetadata.OfType<TMark>().Any()) is { RelativePath: { } path }
            ? new Uri('/' + path, UriKind.Relative)
            : null;

    private static string Version() =>
        typeof(DocumentTransformer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
