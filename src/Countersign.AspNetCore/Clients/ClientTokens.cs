using System.Text.Json;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Sessions;
using Countersign.Tokens;
using Countersign.Tokens.Jose;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Clients;

/// <summary>What clients learn of tokens, and what they may do to them.</summary>
/// <remarks>
/// An answer says nothing of why a token is not active, or was not revoked. Time says little more: what costs more than a signature (a row, a commit) is
/// spent only on tokens whose signature has verified, so a stranger who has none learns nothing, and whoever holds a genuine one can try it at any route.
/// </remarks>
/// <param name="validator">The very one that decides on bearer tokens: keys, times, issuer, audience, type, revocation.</param>
/// <param name="policy">The service's policy.</param>
/// <param name="sessions">The sessions.</param>
/// <param name="gate">The bearer scheme's last look.</param>
internal sealed class ClientTokens(TokenValidator validator, TokenPolicy policy, SessionService sessions, AccessTokenFilter gate)
{
    private const string RefreshTokenHint = "refresh_token";

    /// <summary>
    /// The audience of tokens that write none: refresh tokens, which come back here alone, and those of a shared secret. Null where nothing says what the
    /// service is; no client can be listed for that.
    /// </summary>
    private string? OwnAudience => policy.Audience ?? policy.Issuer;

    /// <summary>Says what a token is to a client (RFC 7662 §2.2).</summary>
    /// <param name="client">The client, which is confidential.</param>
    /// <param name="token">The token.</param>
    /// <param name="hint">
    /// What the client takes it for. A refresh token is active for those alone who ask for one: whoever asks in order to let a request in must not take it
    /// for an access token (RFC 8725 §3.11).
    /// </param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
    public async Task<IntrospectionResponse> IntrospectAsync(Client client, string token, string? hint, HttpContext context, CancellationToken cancellationToken)
    {
        if (FindAccess(token) is { } access)
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

    /// <summary>Ends the session that a token belongs to, if it is one that the client may end (RFC 7009 §2.1).</summary>
    /// <remarks>
    /// No hint is asked for: a token's own header says which kind it is. Either kind ends the session, since nothing but the session's end reaches an access
    /// token, and an access token is worth nothing to a user whose session is over.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="token">The token.</param>
    /// <param name="ipAddress">From where it came, for the audit table; null if that is not known.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where no token of that text is accepted from now on, or it was none of the client's; else why it can't be revoked.</returns>
    public async Task<Problem?> RevokeAsync(Client client, string token, string? ipAddress, HttpContext context, CancellationToken cancellationToken)
    {
        Guid? session = null;
        if (FindAccess(token) is { } access)
        {
            session = MayHandle(client, access) ? access.SessionId : null;
            if (access.SessionId is null && MayHandle(client, access) && await IsAcceptedAsync(access, context).ConfigureAwait(false))
            {
                // It will be accepted until it expires: to say that it is revoked would be a lie.
                return ClientProblems.UnsupportedTokenType;
            }
        }
        else if (MayHandleRefresh(client))
        {
            // Of any generation, and expired or not: the session of one that was left behind must end too.
            await sessions.RevokeTokenAsync(token, client.Id, ipAddress, cancellationToken).ConfigureAwait(false);
        }

        if (session is { } id)
        {
            await sessions.RevokeTokenAsync(id, client.Id, ipAddress, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <exception cref="SessionsUnavailableException">Nothing can be verified now: that makes nobody's token a bad one.</exception>
    private TokenClaims? FindAccess(string token)
    {
        if (validator.TryValidate(token, out var claims, out var error))
        {
            return claims;
        }

        return error is TokenError.NoKeys or TokenError.VerificationFault
            ? throw new SessionsUnavailableException($"Access tokens can't be verified just now ({error}).")
            : null;
    }

    /// <summary>Whether the bearer scheme would take the token just now.</summary>
    private async ValueTask<bool> IsAcceptedAsync(TokenClaims claims, HttpContext context) => await gate(context, claims).ConfigureAwait(false) switch
    {
        null => true,
        { Status: StatusCodes.Status503ServiceUnavailable } => throw new SessionsUnavailableException("Whether the token is still good can't be known just now."),
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
