using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Tokens;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Issuing;

/// <summary>Makes the pair that a session answers from its row and its account.</summary>
internal sealed class SessionTokenIssuer(
    TokenPolicy policy,
    TokenIssuer issuer,
    RefreshKeyRing refreshKeys,
    RefreshTokenCodec codec,
    IOptions<CountersignSessionOptions> options)
{
    /// <summary>128 bits: no two tokens ever share a <c>jti</c> (RFC 7519 §4.1.7).</summary>
    private const int TokenIdBytes = 16;

    /// <summary>What a token that was measured may grow by until it is made: an epoch of more digits, a new signing key with a longer signature.</summary>
    private const int Spare = 256;

    private readonly TimeSpan _accessTokenLifetime = options.Value.AccessTokenLifetime;

    /// <summary>Issues the pair.</summary>
    /// <param name="session">The row as it was committed.</param>
    /// <param name="account">The account's facts.</param>
    /// <param name="decidedAt">The instant of the decision that led here: the <c>iat</c> of the access token.</param>
    /// <param name="epoch">The epoch as the transaction of that decision has read it.</param>
    /// <exception cref="SessionsUnavailableException">The key that the row names is not on this node.</exception>
    public SessionTokens Issue(Session session, AccountFacts account, DateTimeOffset decidedAt, long epoch)
    {
        var refreshKey = refreshKeys.Find(session.State.KeyId)
            ?? throw new SessionsUnavailableException($"The refresh key {session.State.KeyId} of the session is not known here.");

        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(decidedAt.ToUnixTimeSeconds());
        var lifetime = Lifetime();

        // No longer than the session, which an answer within the stand does not prolong: once it is over, nothing revokes it any more.
        var sessionLeft = session.State.IdleExpiresAt - issuedAt;
        if (sessionLeft < lifetime)
        {
            lifetime = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(sessionLeft.TotalSeconds)));
        }

        var accessToken = issuer.Create(Describe(session, account, issuedAt, lifetime, epoch));
        return new SessionTokens(accessToken, codec.Write(session, refreshKey), lifetime, session);
    }

    /// <summary>
    /// How many bytes the access token would have, where that is more than a token may have. It is asked before a row is written for the token.
    /// </summary>
    /// <param name="session">The row as it would be.</param>
    /// <param name="account">The account's facts.</param>
    /// <returns>Null if the token fits.</returns>
    public int? MeasureTooLarge(Session session, AccountFacts account)
    {
        // Nothing else of a token has no bound far below the limit. A character takes six bytes at most (\u0000), and base64 adds a third.
        var mostBytes = account.Roles.Sum(static role => role.Length + 1) * 6 * 4 / 3;
        if (mostBytes < policy.MaxTokenBytes / 2)
        {
            return null;
        }

        // Where none can be made, issuing it says so, for this account alone: others may share the batch in which it is measured.
        return issuer.Measure(Describe(session, account, session.AuthenticatedAt, _accessTokenLifetime, epoch: 0)) + Spare is { } length
            && length > policy.MaxTokenBytes
            ? length
            : null;
    }

    private static TokenDescriptor Describe(Session session, AccountFacts account, DateTimeOffset issuedAt, TimeSpan lifetime, long epoch) => new()
    {
        Type = TokenType.Access,
        Subject = session.UserId,
        IssuedAt = issuedAt,
        ExpiresAt = issuedAt + lifetime,
        SessionId = session.Id,
        TokenId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenIdBytes)),
        AuthenticatedAt = session.AuthenticatedAt,
        Methods = session.Methods,
        Roles = account.Roles,
        Epoch = epoch,
    };

    /// <summary>
    /// A random 90–100 % of the configured lifetime in whole seconds, so that a thief can't learn when the owner will refresh. Under a shared secret it is
    /// exact, as the specification's tokens are.
    /// </summary>
    private TimeSpan Lifetime()
    {
        var longest = (int)_accessTokenLifetime.TotalSeconds;
        return TimeSpan.FromSeconds(policy.IsSharedSecret ? longest : RandomNumberGenerator.GetInt32(longest * 9 / 10, longest + 1));
    }
}
