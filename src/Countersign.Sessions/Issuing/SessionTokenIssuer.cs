using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions.Issuing;

/// <summary>Makes the pair of tokens for a session, from its row and its account.</summary>
internal sealed class SessionTokenIssuer(
    TokenPolicy policy,
    TokenIssuer issuer,
    RefreshKeyRing refreshKeys,
    RefreshTokenCodec codec,
    IOptions<CountersignSessionOptions> options)
{
    /// <summary>128 bits, so that two tokens never have the same <c>jti</c> (RFC 7519 §4.1.7).</summary>
    private const int TokenIdBytes = 16;

    /// <summary>
    /// How much a token can grow between its measurement and its issue: the epoch and the revision get more digits, or a new signing key makes a longer signature.
    /// </summary>
    private const int Spare = 256;

    private readonly TimeSpan _accessTokenLifetime = options.Value.AccessTokenLifetime;

    /// <summary>Issues the pair.</summary>
    /// <param name="session">The row as it was committed.</param>
    /// <param name="account">The account's facts.</param>
    /// <param name="decidedAt">The time of the decision. It is the <c>iat</c> of the access token.</param>
    /// <param name="feed">What the transaction of the decision has read of the feed.</param>
    /// <exception cref="SessionsUnavailableException">This node does not have the key that the row names.</exception>
    public SessionTokens Issue(Session session, AccountFacts account, DateTimeOffset decidedAt, FeedMark feed)
    {
        var refreshKey = refreshKeys.Find(session.State.KeyId)
            ?? throw new SessionsUnavailableException($"This node does not have the refresh key {session.State.KeyId} of the session.");

        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(decidedAt.ToUnixTimeSeconds());
        var lifetime = Lifetime();

        // The token must not live longer than the session, because it can't be revoked after the session has ended. A repeated answer does not extend the
        // session.
        var sessionLeft = session.State.IdleExpiresAt - issuedAt;
        if (sessionLeft < lifetime)
        {
            lifetime = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(sessionLeft.TotalSeconds)));
        }

        var accessToken = issuer.Create(Describe(session, account, issuedAt, lifetime, feed));
        return new SessionTokens(accessToken, codec.Write(session, refreshKey), lifetime, session);
    }

    /// <summary>Returns how many bytes the access token would have, if it would exceed the limit. It is called before a row is written for the token.</summary>
    /// <param name="session">The row that would be written.</param>
    /// <param name="account">The account's facts.</param>
    /// <returns>Null if the token fits.</returns>
    public int? MeasureTooLarge(Session session, AccountFacts account)
    {
        // Only roles and further claims can make a token too long. A character takes at most six bytes (\u0000), and base64 adds a third.
        var characters = account.Roles.Sum(static role => role.Length + 1L)
            + account.Claims.Sum(static claim => claim.Key.Length + 1L + claim.Value.MostCharacters);
        var mostBytes = characters * 6 * 4 / 3;
        if (mostBytes < policy.MaxTokenBytes / 2)
        {
            return null;
        }

        // If the token can't be made, its issue reports that for this account only. Other accounts may share the batch in which it is measured.
        return issuer.Measure(Describe(session, account, session.AuthenticatedAt, _accessTokenLifetime, feed: default)) + Spare is { } length
            && length > policy.MaxTokenBytes
            ? length
            : null;
    }

    private static TokenDescriptor Describe(Session session, AccountFacts account, DateTimeOffset issuedAt, TimeSpan lifetime, FeedMark feed) => new()
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
        Epoch = feed.Epoch,
        Revision = feed.Revision,
        Claims = account.Claims,
    };

    /// <summary>
    /// A random 90–100 % of the configured lifetime in whole seconds, so that a thief can't predict when the owner will refresh. With a shared secret it is
    /// exact, like the tokens of the original specification.
    /// </summary>
    private TimeSpan Lifetime()
    {
        var longest = (int)_accessTokenLifetime.TotalSeconds;
        return TimeSpan.FromSeconds(policy.IsSharedSecret ? longest : RandomNumberGenerator.GetInt32(longest * 9 / 10, longest + 1));
    }
}
