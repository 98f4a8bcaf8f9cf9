using System.Text.Json;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Sessions;
using Countersign.Tokens;
using Countersign.Tokens.Jose;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Clients;

/// <summary>Introspects and revokes tokens for clients.</summary>
/// <remarks>
/// An answer does not say why a token is not active or was not revoked. The time of an answer reveals little more: work beyond the signature (a row, a commit)
/// is done only for tokens whose signature is valid. So a stranger without a token learns nothing, and a client with a genuine one could try it at any route.
/// </remarks>
/// <param name="validator">The same validator that the bearer scheme uses: keys, times, issuer, audience, type, revocation.</param>
/// <param name="policy">The service's policy.</param>
/// <param name="sessions">The sessions.</param>
/// <param name="gate">The bearer scheme's last check of a token.</param>
internal sealed class ClientTokens(TokenValidator validator, TokenPolicy policy, SessionService sessions, AccessTokenFilter gate)
{
    private const string RefreshTokenHint = "refresh_token";

    /// <summary>
    /// The audience of tokens without the claim <c>aud</c>: refresh tokens, which only this service accepts, and tokens under a shared secret. Null if neither
    /// audience nor issuer is configured; then no client can be listed for it.
    /// </summary>
    private string? OwnAudience => policy.Audience ?? policy.Issuer;

    /// <summary>Tells a client what a token is (RFC 7662 §2.2).</summary>
    /// <param name="client">The client, which is confidential.</param>
    /// <param name="token">The token.</param>
    /// <param name="hint">
    /// The kind of token that the client expects. A refresh token is active only if the client asks for one: a client that checks a request must not accept it
    /// as an access token (RFC 8725 §3.11).
    /// </param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async Task<IntrospectionResponse> IntrospectAsync(
        Client client, string token, string? hint, HttpContext context, CancellationToken cancellationToken)
    {
        if (FindAccess(token, acceptsStale: false) is { } access)
        {
            var isActive = MayHandle(client, access) && await IsAcceptedAsync(access, context).ConfigureAwait(false);
            return isActive ? IntrospectionResponse.OfAccess(access) : IntrospectionResponse.Inactive;
        }

        if (string.Equals(hint, RefreshTokenHint, StringComparison.Ordinal)
            && MayHandleRefresh(client)
            && await sessions.InspectAsync(token, cancellationToken).ConfigureAwait(false) is { } refresh)
        {
            return IntrospectionResponse.OfRefresh(refresh, policy);
        }

        return IntrospectionResponse.Inactive;
    }

    /// <summary>Ends the session of a token, if the client may end it (RFC 7009 §2.1).</summary>
    /// <remarks>
    /// There is no hint, because a token's own header says its kind. Both kinds end the session: only the end of the session stops an access token, and an
    /// access token is useless to a user whose session has ended.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="token">The token.</param>
    /// <param name="ipAddress">The address that the request came from, for the audit table; null if it is not known.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null if the token is refused from now on, or if the client may not revoke it; otherwise why it can't be revoked.</returns>
    public async Task<Problem?> RevokeAsync(Client client, string token, string? ipAddress, HttpContext context, CancellationToken cancellationToken)
    {
        Guid? session = null;
        if (FindAccess(token, acceptsStale: true) is { } access)
        {
            session = MayHandle(client, access) ? access.SessionId : null;
            if (access.SessionId is null && MayHandle(client, access) && await IsAcceptedAsync(access, context).ConfigureAwait(false))
            {
                // The token is accepted until it expires, so the answer must not say that it is revoked.
                return ClientProblems.UnsupportedTokenType;
            }
        }
        else if (MayHandleRefresh(client))
        {
            // A token of any generation, expired or not: the session of an old one must end too.
            await sessions.RevokeTokenAsync(token, client.Id, ipAddress, cancellationToken).ConfigureAwait(false);
        }

        if (session is { } id)
        {
            await sessions.RevokeTokenAsync(id, client.Id, ipAddress, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <param name="token">The token.</param>
    /// <param name="acceptsStale">Whether the caller needs only the token's session.</param>
    /// <exception cref="SessionsUnavailableException">Nothing can be verified at the moment; the token may be good.</exception>
    private TokenClaims? FindAccess(string token, bool acceptsStale)
    {
        var error = validator.CheckAccess(token, out var claims);
        if (error is null || (acceptsStale && error is TokenError.Stale))
        {
            return claims;
        }

        return error is TokenError.NoKeys or TokenError.VerificationFault
            ? throw new SessionsUnavailableException($"Access tokens can't be verified at the moment ({error}).")
            : null;
    }

    /// <summary>Whether the bearer scheme accepts the token at the moment.</summary>
    private async ValueTask<bool> IsAcceptedAsync(TokenClaims claims, HttpContext context) => await gate(context, claims).ConfigureAwait(false) switch
    {
        null => true,
        { Status: StatusCodes.Status503ServiceUnavailable } =>
            throw new SessionsUnavailableException("It can't be checked at the moment whether the token is still good."),
        _ => false,
    };

    private bool MayHandle(Client client, TokenClaims claims) => client.IsPublic
        ? claims.ClientId is null || string.Equals(claims.ClientId, client.Id, StringComparison.Ordinal)
        : AudiencesOf(claims).Any(client.Audiences.Contains);

    private bool MayHandleRefresh(Client client) => client.IsPublic || (OwnAudience is { } own && client.Audiences.Contains(own));

    private IEnumerable<string> AudiencesOf(TokenClaims claims)
    {
        if (!claims.TryGetElement(ClaimNames.Audience, out var audience))
        {
            return OwnAudience is { } own ? [own] : [];
        }

        return audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Select(static one => one.GetString()!) : [audience.GetString()!];
    }
}
