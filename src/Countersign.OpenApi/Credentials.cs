using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Countersign.OpenApi;

/// <summary>The credentials that a route accepts, according to its metadata.</summary>
internal static class Credentials
{
    /// <summary>An access token from any source.</summary>
    public const string Bearer = "bearer";

    /// <summary>An access token by OAuth 2.0's password flow, which a documentation page can use.</summary>
    public const string PasswordFlow = "passwordFlow";

    /// <summary>A client's id and secret.</summary>
    public const string ClientBasic = "clientBasic";

    /// <summary>Whether the route itself asks for its credentials, and not the app's authorization.</summary>
    public static bool IsOwn(IList<object> metadata) => metadata.Any(static one => one is ClientAuthenticationMetadata or BearerOptionalMetadata);

    /// <summary>The alternatives of a route that asks for a credential.</summary>
    /// <param name="metadata">The route's metadata.</param>
    /// <param name="document">The document.</param>
    /// <param name="hasPasswordFlow">Whether the document has the scheme <see cref="PasswordFlow"/>.</param>
    public static IList<OpenApiSecurityRequirement> Of(IList<object> metadata, OpenApiDocument document, bool hasPasswordFlow = true)
    {
        if (metadata.OfType<ClientAuthenticationMetadata>().LastOrDefault() is { } clients)
        {
            // The other two ways are members of the form: an id and a secret, or for the public client only its id. OpenAPI has no scheme for either.
            return clients.AcceptsPublicClient ? [Require(ClientBasic, document), new OpenApiSecurityRequirement()] : [Require(ClientBasic, document)];
        }

        var token = OfToken(document, hasPasswordFlow);
        return metadata.OfType<BearerOptionalMetadata>().Any() ? [.. token, new OpenApiSecurityRequirement()] : token;
    }

    /// <summary>Whether a route requires some login.</summary>
    public static bool RequiresLogin(IList<object> metadata) =>
        !metadata.OfType<IAllowAnonymous>().Any() && metadata.Any(RouteAuthorization.Is);

    /// <summary>Whether two alternatives ask for the same.</summary>
    public static bool AreSame(OpenApiSecurityRequirement one, OpenApiSecurityRequirement other) =>
        one.Keys.Select(static scheme => scheme.Reference.Id).Order(StringComparer.Ordinal)
            .SequenceEqual(other.Keys.Select(static scheme => scheme.Reference.Id).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static IList<OpenApiSecurityRequirement> OfToken(OpenApiDocument document, bool hasPasswordFlow) =>
        hasPasswordFlow ? [Require(PasswordFlow, document), Require(Bearer, document)] : [Require(Bearer, document)];

    private static OpenApiSecurityRequirement Require(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
