using System.Text.Json;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer.Problems;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The documents with which other services verify tokens themselves (RFC 8414, OpenID Connect Discovery 1.0).</summary>
internal static class MetadataEndpoints
{
    private const string RefreshGrant = "refresh_token";

    /// <summary>Maps the documents at the root.</summary>
    public static void Map(RouteMap root)
    {
        root.MapGet(CountersignRoute.GetKeys, "/.well-known/jwks.json", GetKeys)
            .AllowAnonymousByDefault()
            .WithSummary("The public keys")
            .WithDescription("A JWK Set (RFC 7517 §5) of the keys that verify access tokens. It is empty where tokens are signed with a shared secret.")
            .WithMetadata(KeySetEndpointMetadata.Instance, Document(typeof(KeySetResponse)));
        root.MapGet(CountersignRoute.GetOpenIdMetadata, "/.well-known/openid-configuration", GetMetadata)
            .AllowAnonymousByDefault()
            .WithSummary("The service's metadata, where OpenID Connect looks for it")
            .WithMetadata(Document(typeof(MetadataResponse)))
            .WithProblems(EndpointProblems.IssuerNotConfigured);
        root.MapGet(CountersignRoute.GetOAuthMetadata, "/.well-known/oauth-authorization-server", GetMetadata)
            .AllowAnonymousByDefault()
            .WithSummary("The service's metadata, where RFC 8414 looks for it")
            .WithMetadata(Document(typeof(MetadataResponse)))
            .WithProblems(EndpointProblems.IssuerNotConfigured);
    }

    private static ProducesResponseTypeMetadata Document(Type type) => new(StatusCodes.Status200OK, type, [MediaTypes.Json]);

    internal static IResult GetKeys(TokenPolicy policy, KeySettings settings) =>
        new PublicDocument(JsonWebKeySet.Write(policy.Keys.Current.Verification), settings.PublishedMaxAge);

    internal static IResult GetMetadata(TokenPolicy policy, KeySettings settings, EndpointDataSource endpoints)
    {
        if (policy.Issuer is not { } issuer)
        {
            return new ProblemResult(EndpointProblems.IssuerNotConfigured);
        }

        var root = issuer.TrimEnd('/');
        var tokens = FindUrl<TokenEndpointMetadata>(root, endpoints);
        var introspection = FindUrl<IntrospectionEndpointMetadata>(root, endpoints);
        var revocation = FindUrl<RevocationEndpointMetadata>(root, endpoints);
        var metadata = new MetadataResponse
        {
            Issuer = issuer,
            JwksUri = FindUrl<KeySetEndpointMetadata>(root, endpoints),
            TokenEndpoint = tokens,
            IntrospectionEndpoint = introspection,
            IntrospectionEndpointAuthMethodsSupported = introspection is null ? null : ClientAuthenticator.ConfidentialMethods,
            RevocationEndpoint = revocation,
            RevocationEndpointAuthMethodsSupported = revocation is null ? null : [.. ClientAuthenticator.ConfidentialMethods, ClientAuthenticator.PublicMethod],
            GrantTypesSupported = tokens is null ? [] : [RefreshGrant],
            ResponseTypesSupported = [],
            SubjectTypesSupported = ["public"],
            TokenEndpointAuthMethodsSupported = tokens is null ? null : [ClientAuthenticator.PublicMethod],
            SigningAlgorithms =
            [
                .. policy.Keys.Current.Verification
                    .Where(static key => !key.Algorithm.IsSymmetric)
                    .Select(static key => key.Algorithm.Name)
                    .Distinct(StringComparer.Ordinal),
            ],
        };
        return new PublicDocument(JsonSerializer.SerializeToUtf8Bytes(metadata, WireJson.Default.MetadataResponse), settings.PublishedMaxAge);
    }

    /// <summary>The URL of the route with this marker, at the path where the app has mapped it; null if it is not mapped.</summary>
    private static string? FindUrl<TMarker>(string root, EndpointDataSource endpoints)
        where TMarker : class =>
        endpoints.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(static endpoint => endpoint.Metadata.GetMetadata<TMarker>() is not null) is { } endpoint
            ? root + '/' + endpoint.RoutePattern.RawText!.TrimStart('/')
            : null;
}
