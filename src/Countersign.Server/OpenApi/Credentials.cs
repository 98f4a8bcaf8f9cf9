using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>The credentials that a route accepts, according to its metadata.</summary>
internal static class Credentials
{
    /// <summary>An access token from any source.</summary>
    public const string Bearer = "bearer";

    /// <summary>An access token by OAuth 2.0's password flow, which a documentation page can use.</summary>
    public const string PasswordFlow = "passwordFlow";

    /// <summary>A client's id and secret.</summary>
    public const string ClientBasic = "clientBasic";

    /// <summary>The alternatives; null if the route accepts none.</summary>
    public static IList<OpenApiSecurityRequirement>? Of(IList<object> metadata, OpenApiDocument document)
    {
        if (metadata.OfType<ClientAuthenticationMetadata>().LastOrDefault() is { } clients)
        {
            // The other two ways are members of the form: an id and a secret, or for the public client only its id. OpenAPI has no scheme for either.
            return clients.AcceptsPublicClient ? [Require(ClientBasic, document), new OpenApiSecurityRequirement()] : [Require(ClientBasic, document)];
        }

        if (metadata.OfType<BearerOptionalMetadata>().Any())
        {
            return [Require(PasswordFlow, document), Require(Bearer, document), new OpenApiSecurityRequirement()];
        }

        return !metadata.OfType<IAllowAnonymous>().Any() && metadata.Any(static one => one is IAuthorizeData or AuthorizationPolicy)
            ? [Require(PasswordFlow, document), Require(Bearer, document)]
            : null;
    }

    private static OpenApiSecurityRequirement Require(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
