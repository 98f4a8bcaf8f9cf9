using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <content>Other methods that take a refresh token: they end sessions, show an earlier login, or describe the token to a client.</content>
public sealed partial class SessionService
{
    /// <summary>
    /// Ends the session of a refresh token. The token may be of any generation, because the call only ends the session. A session that has already ended does
    /// not change. An expired token does nothing, unless rotation had already replaced it.
    /// </summary>
    /// <remarks>
    /// A token that rotation had already replaced shows that the session was copied. Then the reason is <see cref="RevocationReason.RefreshTokenReused"/>
    /// instead of <see cref="RevocationReason.LoggedOut"/>, and the audit table gets a row. The answer is the same.
    /// </remarks>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">The client's network address, for the audit table; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// False if the text is not a genuine refresh token of a session that has a row, or if the token has expired and was not replaced before. Then nothing has
    /// changed.
    /// </returns>
    public Task<bool> LogOutAsync(string refreshToken, string? ipAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        return LogOutAsync(refreshToken, RevocationReason.LoggedOut, clientId: null, ipAddress, cancellationToken);
    }

    /// <summary>Ends all sessions of an account. It needs a refresh token for which <see cref="RefreshAsync"/> would return a pair.</summary>
    /// <remarks>
    /// Any other token can end only its own session, and only if a refresh would end it: a token that rotation had already replaced counts as reuse here too.
    /// </remarks>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">The client's network address, for the audit table; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if all sessions have ended; otherwise the reason why the token was refused.</returns>
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

        var account = await ReadAccountAsync(token.UserId, cancellationToken).ConfigureAwait(false);
        return await _writer.ExecuteAsync(
            new LogOutEverywhereCommand(token, account, ClientText.Clean(ipAddress, MaxAddressLength), _revocations, _settings.Rotation)
            {
                Arrival = arrival,
                ArrivalTimestamp = timestamp,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the session of a refresh token that a client has revoked (RFC 7009 §2.1). It works like <see cref="LogOutAsync(string, string?,
    /// CancellationToken)"/>, and adds a row to the audit table.
    /// </summary>
    /// <param name="refreshToken">The text that the client sent; it can be any text.</param>
    /// <param name="clientId">The client id from the configuration, never a text from the request.</param>
    /// <param name="ipAddress">The client's network address; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the text is not a genuine refresh token of a session that has a row.</returns>
    internal Task<bool> RevokeTokenAsync(string refreshToken, string clientId, string? ipAddress, CancellationToken cancellationToken) =>
        LogOutAsync(refreshToken, RevocationReason.TokenRevoked, clientId, ipAddress, cancellationToken);

    /// <summary>Returns what a refresh token says, if a refresh would accept it now. It uses the same rules as a refresh, and changes nothing.</summary>
    /// <returns>Null if a refresh would refuse the token, for any reason.</returns>
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
    /// Finds out whether a refresh token shows an earlier login of an account: it was once issued to this account. The token may have expired since, and its
    /// session may have ended.
    /// </summary>
    /// <remarks>
    /// If the session's row exists, <c>sub</c> and <c>chk</c> must fit it. If the row was cleaned up, only the signature counts, and a revoked key shows
    /// nothing, because a stranger may have it. A copied token and a token that rotation had already replaced show an earlier login too: this call decides no
    /// refresh and changes nothing. The row is read for every token with a valid signature, even if the token is of another account, so that the number of
    /// database commands reveals nothing about the account.
    /// </remarks>
    /// <param name="userId">The account to which the token must belong. Null if there is none; the call then does the same work.</param>
    /// <param name="refreshToken">The text that a client sent; it can be any text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session's id. Null if the token shows nothing, and also if this node does not have its key.</returns>
    internal async Task<Guid?> FindEarlierLoginAsync(string? userId, string? refreshToken, CancellationToken cancellationToken)
    {
        // It does not wait for an unknown key, as a refresh does: anyone can make up a key id, and such logins would fill the places of all others.
        if (!_codec.TryRead(refreshToken, _clock.Now, out var token, out _))
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
    /// Reads a refresh token, even if it has expired. If this node does not have its key, another node may have put that key in force a moment ago.
    /// </summary>
    private async ValueTask<(RefreshTokenClaims Token, RefreshError? Error)> ReadAsync(
        string? refreshToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_codec.TryRead(refreshToken, now, out var token, out var error, out var isKeyUnknown) || !isKeyUnknown)
        {
            return (token, error);
        }

        await _keys.WaitUntilCurrentAsync(cancellationToken).ConfigureAwait(false);
        return _codec.TryRead(refreshToken, now, out token, out error) ? (token, null) : (token, error);
    }
}
