using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <content>What else a refresh token does for its holder: it ends sessions, shows an earlier login, and is described to a client.</content>
public sealed partial class SessionService
{
    /// <summary>
    /// Ends the session of a refresh token of any generation, since nothing but the session's end comes of it. A session that is over stays as it is, and an
    /// expired token does nothing unless it was left behind.
    /// </summary>
    /// <remarks>
    /// A token that was left behind by rotation shows here too that the session was copied: the reason is then
    /// <see cref="RevocationReason.RefreshTokenReused"/> instead of
    /// <see cref="RevocationReason.LoggedOut"/>, and the audit table has a line. The answer is the same.
    /// </remarks>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">From where, for the audit table; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if it is no genuine refresh token of a session that has a row, or has expired and was not left behind; nothing has changed
    /// then.</returns>
    public Task<bool> LogOutAsync(string refreshToken, string? ipAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        return LogOutAsync(refreshToken, RevocationReason.LoggedOut, clientId: null, ipAddress, cancellationToken);
    }

    /// <summary>Ends all sessions of an account by a refresh token that <see cref="RefreshAsync"/> would answer with a pair.</summary>
    /// <remarks>
    /// Any other token ends no session but its own, and that one exactly where a refresh would: a token that was left behind is reuse here too.
    /// </remarks>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">From where, for the audit table; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if all sessions have ended; else why the token was refused.</returns>
    public async Task<RefreshError?> LogOutEverywhereAsync(string refreshToken, string? ipAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        var arrival = _clock.Now;
        var timestamp = _clock.Time.GetTimestamp();
        var (token, error) = await ReadAsync(refreshToken, arrival, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            return error;
        }

        var account = await _accounts.BeginReadAsync(token.UserId, cancellationToken).ConfigureAwait(false);
        return await _writer.ExecuteAsync(
            new LogOutEverywhereCommand(token, account, ClientText.Clean(ipAddress, MaxAddressLength), _revocations, _settings.Rotation)
            {
                Arrival = arrival,
                ArrivalTimestamp = timestamp,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the session of a refresh token that a client has given back (RFC 7009 §2.1): as
    /// <see cref="LogOutAsync(string, string?, CancellationToken)"/>, with a line in the audit table.
    /// </summary>
    /// <param name="refreshToken">What the client sent; any text.</param>
    /// <param name="clientId">The client, as it is configured: nothing that a request made up.</param>
    /// <param name="ipAddress">From where it came; null if that is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if it is no genuine refresh token of a session that has a row.</returns>
    internal Task<bool> RevokeTokenAsync(string refreshToken, string clientId, string? ipAddress, CancellationToken cancellationToken) =>
        LogOutAsync(refreshToken, RevocationReason.TokenRevoked, clientId, ipAddress, cancellationToken);

    /// <summary>Says what a refresh token says, if a refresh would take it now, by the rule that decides one. Nothing is changed.</summary>
    /// <returns>Null if a refresh would refuse it, whatever the reason.</returns>
    internal async Task<RefreshTokenClaims?> InspectAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        var (token, error) = await ReadAsync(refreshToken, now, cancellationToken).ConfigureAwait(false);
        if (error is not null || _refreshKeys.Keys is not { } keys)
        {
            return null;
        }

        var row = await _store.FindAsync(token.SessionId, cancellationToken).ConfigureAwait(false);
        var account = await _accounts.DescribeAsync(token.UserId, cancellationToken).ConfigureAwait(false);
        RevocationReason? revokedHere = _revocations.TryFind(token.SessionId, out var reason) ? reason : null;
        var decision = RotationRule.Decide(row, account, token, now, now, keys, revokedHere, _settings.Rotation);
        return decision.Error is null ? token : null;
    }

    /// <summary>
    /// Says whether a refresh token shows an earlier login of an account: it was once issued to it, and may have expired since, or its session may be
    /// over.
    /// </summary>
    /// <remarks>
    /// Where the session's row is there, <c>sub</c> and <c>chk</c> must fit it; where it was cleaned up, the signature is what is left, and a key that was
    /// revoked shows nothing, since a stranger may have it. A token that was copied, or left behind by rotation, shows an earlier login too: this decides no
    /// refresh, ends nothing and changes nothing. The row is read for every token whose signature is good, whatever account is asked for, so that the number
    /// of database commands tells nothing of the account.
    /// </remarks>
    /// <param name="userId">The account that the token must be of; null where there is none, which costs the same work.</param>
    /// <param name="refreshToken">What a client sent; any text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session; null where the token shows nothing, also where that could not be found out, because its key is unknown and nothing says whether
    /// it is in force.</returns>
    internal async Task<Guid?> FindEarlierLoginAsync(string? userId, string? refreshToken, CancellationToken cancellationToken)
    {
        RefreshTokenClaims token;
        try
        {
            (token, var error) = await ReadAsync(refreshToken, _clock.Now, cancellationToken).ConfigureAwait(false);
            if (error is not null)
            {
                return null;
            }
        }
        catch (SessionsUnavailableException)
        {
            return null;
        }

        var session = await _store.FindAsync(token.SessionId, cancellationToken).ConfigureAwait(false);
        var isGenuine = session is null ? _refreshKeys.Find(token.KeyId!) is not null : RotationRule.BelongsTo(session, token);
        return isGenuine && string.Equals(token.UserId, userId, StringComparison.Ordinal) ? token.SessionId : null;
    }

    private async Task<bool> LogOutAsync(
        string refreshToken, RevocationReason reason, string? clientId, string? ipAddress, CancellationToken cancellationToken)
    {
        var arrival = _clock.Now;
        var timestamp = _clock.Time.GetTimestamp();
        var (token, error) = await ReadAsync(refreshToken, arrival, cancellationToken).ConfigureAwait(false);
        return error is null && await _writer.ExecuteAsync(
            new LogOutCommand(token, reason, clientId, ClientText.Clean(ipAddress, MaxAddressLength), _revocations, _settings.Rotation)
            {
                Arrival = arrival,
                ArrivalTimestamp = timestamp,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads a refresh token, also one that has expired. Where this node does not have its key, another node may have put that key in force a moment ago.
    /// </summary>
    private async ValueTask<(RefreshTokenClaims Token, RefreshError? Error)> ReadAsync(string? refreshToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_codec.TryRead(refreshToken, now, out var token, out var error, out var isKeyUnknown) || !isKeyUnknown)
        {
            return (token, error);
        }

        await _keys.WaitUntilCurrentAsync(cancellationToken).ConfigureAwait(false);
        return _codec.TryRead(refreshToken, now, out token, out error) ? (token, null) : (token, error);
    }
}
