using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>Which credentials a route takes, as its metadata says.</summary>
internal static class Credentials
{
    /// <summary>An access token, however it was come by.</summary>
    public const string Bearer = "bearer";

    /// <summary>An access token by OAuth 2.0's password flow, which a documentation page can go through.</summary>
    public const string PasswordFlow = "passwordFlow";

    /// <summary>A client's id and secret.</summary>
    public const string ClientBasic = "clientBasic";

    /// <summary>The alternatives; null where none is taken.</summary>
    public static IList<OpenApiSecurityRequirement>? Of(IList<object> metadata, OpenApiDocument document)
    {
        if (metadata.OfType<ClientAuthenticationMetadata>().LastOrDefault() is { } clients)
        {
            // The other two ways are members of the form: an id and a secret, and for the public client its id alone. Either is no scheme that OpenAPI knows.
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
