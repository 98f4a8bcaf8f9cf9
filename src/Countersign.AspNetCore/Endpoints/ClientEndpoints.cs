using System.Diagnostics.CodeAnalysis;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Wire;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The routes for clients: whether a token is good (RFC 7662), and the end of its session (RFC 7009).</summary>
internal static class ClientEndpoints
{
    /// <summary>The longest wait until a network may revoke without a secret again.</summary>
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private static readonly Problem[] OfClients =
    [
        ClientProblems.InvalidClient,
        LimitProblems.TooManyAttempts(AMinute),
        ClientProblems.AuthenticationRepeated,
        ClientProblems.AuthorizationRepeated,
        BodyProblems.MembersMissing(ClientTokenRequest.TokenMissing),
    ];

    /// <summary>Maps the routes on the group <c>auth</c>.</summary>
    public static void Map(RouteMap auth)
    {
        // Both routes authenticate a client themselves.
        auth.MapBody(CountersignRoute.Introspect, HttpMethods.Post, "/introspect", IntrospectAsync)
            .AllowAnonymousByDefault()
            .WithSummary("Ask whether a token is good, and whose it is")
            .WithDescription(
                "For confidential clients (RFC 7662). "
                + "Of a token that is not good, or none of the client's business, the answer is `{\"active\":false}` and nothing else.")
            .WithMetadata(IntrospectionEndpointMetadata.Instance, ClientAuthenticationMetadata.Confidential, OAuthErrorMetadata.Instance)
            .WithProblems(OfClients);
        auth.MapBody(CountersignRoute.Revoke, HttpMethods.Post, "/revoke", RevokeAsync)
            .AllowAnonymousByDefault()
            .WithSummary("End the session of a token")
            .WithDescription(
                "For confidential clients, and for the public client by its `client_id` alone (RFC 7009). "
                + "A token that is unknown or not good is answered alike.")
            .WithMetadata(RevocationEndpointMetadata.Instance, ClientAuthenticationMetadata.ConfidentialOrPublic, OAuthErrorMetadata.Instance)
            .WithProblems([.. OfClients, ClientProblems.UnsupportedTokenType, LimitProblems.TooManyRequests(AMinute)]);
    }

    internal static async Task<Results<IntrospectionResponse, ProblemResult>> IntrospectAsync(
        Body<ClientTokenRequest> body, ClientAuthenticator clients, ClientTokens tokens, HttpContext context, CancellationToken cancellationToken) =>
        TryRead(body, clients, context, takesPublic: false, out var request, out var client, out var problem)
            ? await tokens.IntrospectAsync(client, request.Token, request.TokenTypeHint, context, cancellationToken).ConfigureAwait(false)
            : new ProblemResult(problem);

    internal static async Task<Results<RevokedResponse, ProblemResult>> RevokeAsync(
        Body<ClientTokenRequest> body,
        ClientAuthenticator clients,
        ClientTokens tokens,
        NetworkLimits limits,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!TryRead(body, clients, context, takesPublic: true, out var request, out var client, out var problem))
        {
            return new ProblemResult(problem);
        }

        var from = ClientAddress.From(context);

        // A revocation without a secret is a logout by refresh token, and counts as one: any caller can send the public client's id.
        if (client.IsPublic && limits.Refreshes.TryTake(from.Network) is { } retryAfter)
        {
            return new ProblemResult(LimitProblems.TooManyRequests(retryAfter));
        }

        return await tokens.RevokeAsync(client, request.Token, from.Address, context, cancellationToken).ConfigureAwait(false) is { } unsupported
            ? new ProblemResult(unsupported)
            : RevokedResponse.Instance;
    }

    /// <summary>
    /// Reads the form, authenticates the client, then checks that there is a token.
    /// An unknown client gets no other information (RFC 7662 §2.1).
    /// </summary>
    private static bool TryRead(
        Body<ClientTokenRequest> body,
        ClientAuthenticator clients,
        HttpContext context,
        bool takesPublic,
        [NotNullWhen(true)] out ClientTokenRequest? request,
        [NotNullWhen(true)] out Client? client,
        [NotNullWhen(false)] out Problem? problem)
    {
        client = null;
        var network = ClientAddress.From(context).Network;
        if (!body.TryGet(out request, out problem)
            || !clients.TryAuthenticate(context.Request.Headers, request, network, takesPublic, out client, out problem))
        {
            return false;
        }

        problem = request.Token.Length == 0 ? BodyProblems.MembersMissing(ClientTokenRequest.TokenMissing) : null;
        return problem is null;
    }
}
