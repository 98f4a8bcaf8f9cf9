using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <content>Methods that end sessions, or make their access tokens stale.</content>
public sealed partial class SessionService
{
    private const int MaxDetailLength = 1024;

    /// <summary>The number of revocations in one batch of the writer.</summary>
    private const int RevocationPage = 500;

    /// <summary>
    /// Ends a session. Its refresh token is refused at once. Its access tokens are refused at once on this node, and within about a second on other nodes.
    /// </summary>
    /// <returns>False if there is no such session, or if it had already ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not a member of the enum.</exception>
    public Task<bool> RevokeAsync(Guid sessionId, RevocationReason reason, CancellationToken cancellationToken = default)
    {
        ThrowIfUndefined(reason);
        return _writer.ExecuteAsync(
            new RevokeCommand(sessionId, reason) { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);
    }

    /// <summary>Ends all of an account's sessions.</summary>
    /// <returns>The number of sessions that were live.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not a member of the enum.</exception>
    public Task<int> RevokeUserAsync(string userId, RevocationReason reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ThrowIfUndefined(reason);
        return _invalidation.RevokeUserAsync(userId, reason, cancellationToken);
    }

    /// <summary>Ends all of an account's sessions except one, for a person who sees unknown sessions in the list.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="keptSessionId">The session that is kept; null ends all of them.</param>
    /// <param name="reason">Why the others end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of sessions that were live.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not a member of the enum.</exception>
    public Task<int> RevokeOthersAsync(string userId, Guid? keptSessionId, RevocationReason reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ThrowIfUndefined(reason);
        return _invalidation.RevokeOthersAsync(userId, keptSessionId, reason, cancellationToken);
    }

    /// <summary>
    /// Ends the sessions of all accounts that were in use since a given time. It works page by page. If it fails, the sessions that it has ended stay ended,
    /// and another call continues.
    /// </summary>
    /// <param name="since">Sessions that began or were refreshed at this time or later end. Sessions that begin during the call do not end.</param>
    /// <param name="reason">Why they end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of sessions that were live.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not a member of the enum.</exception>
    public async Task<int> RevokeAllUsersSinceAsync(DateTimeOffset since, RevocationReason reason, CancellationToken cancellationToken = default)
    {
        ThrowIfUndefined(reason);
        var began = _clock.Now;
        var ended = 0;
        Guid? last = null;
        while (true)
        {
            var page = await _store.FindUsedSinceAsync(since, began, last, RevocationPage, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                return ended;
            }

            var answers = await Task.WhenAll(page.Select(id => RevokeAsync(id, reason, cancellationToken))).ConfigureAwait(false);
            ended += answers.Count(static wasLive => wasLive);
            last = page[^1];
        }
    }

    /// <summary>
    /// Ends every session of every account at once. Their access tokens are refused at once on this node, and within about a second on other nodes.
    /// </summary>
    /// <param name="reason">Why they end.</param>
    /// <param name="detail">More text for the audit table, such as who ordered it; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of sessions that were not revoked before. It includes expired sessions that were not cleaned up yet.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is not a member of the enum.</exception>
    public async Task<int> RevokeAllUsersAsync(RevocationReason reason, string? detail = null, CancellationToken cancellationToken = default)
    {
        ThrowIfUndefined(reason);
        var now = _clock.Now;
        var line = new SecurityEvent(Guid.CreateVersion7(now), now, "everyone_revoked", null, null, null, ClientText.Clean(detail, MaxDetailLength));
        var revoked = await _store.RevokeAllUsersAsync(reason, line, cancellationToken).ConfigureAwait(false);

        // This happens before the answer: this node does not wait until the feed tells it about its own change.
        _revocations.RaiseEpoch(revoked.Epoch);
        Log.EveryoneRevoked(_logger, revoked.Sessions, revoked.Epoch);
        return revoked.Sessions;
    }

    /// <summary>
    /// Makes the access tokens of an account stale, because its roles or other claims of its tokens have changed. Its sessions live. A stale token is refused
    /// at once on this node, and within about a second on other nodes; its client refreshes and gets the new claims.
    /// </summary>
    /// <remarks>
    /// Changes that go through <c>UserManager</c> need no call, also in a transaction of the app. Call this after a change that goes past it, when the change
    /// is committed: a token that is made between this call and the commit has the old claims.
    /// </remarks>
    /// <param name="userId">The account's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of live sessions.</returns>
    public Task<int> ClaimsChangedAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _invalidation.ClaimsChangedAsync(userId, cancellationToken);
    }

    /// <summary>
    /// Makes the access tokens of all accounts stale, because a role has changed itself: it has another name, other claims, or was deleted. All sessions live,
    /// and their clients refresh at their next request.
    /// </summary>
    /// <remarks>Changes that go through <c>RoleManager</c> need no call. Call this when the change is committed.</remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AllClaimsChangedAsync(CancellationToken cancellationToken = default) => _invalidation.AllClaimsChangedAsync(cancellationToken);

    /// <summary>Ends the session of a genuine access token that a client has revoked (RFC 7009 §2.1), and adds a row to the audit table.</summary>
    /// <param name="sessionId">The session that the token names.</param>
    /// <param name="clientId">The client id from the configuration, never a text from the request.</param>
    /// <param name="ipAddress">The client's network address; null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the session had already ended. In both cases none of its tokens is accepted.</returns>
    internal Task<bool> RevokeTokenAsync(Guid sessionId, string clientId, string? ipAddress, CancellationToken cancellationToken) =>
        RevokeTokenAsync(sessionId, RevocationReason.TokenRevoked, (clientId, ClientText.Clean(ipAddress, MaxAddressLength)), cancellationToken);

    /// <summary>
    /// Ends the session of a verified access token for the token's holder. Unlike <see cref="RevokeAsync"/>, it also works if the session's row does not exist
    /// any more.
    /// </summary>
    /// <param name="sessionId">The session that the token names.</param>
    /// <param name="reason">The reason, unless the session has already ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if the session had already ended. In both cases none of its tokens is accepted.</returns>
    internal Task<bool> LogOutAsync(Guid sessionId, RevocationReason reason, CancellationToken cancellationToken) =>
        RevokeTokenAsync(sessionId, reason, client: null, cancellationToken);

    private Task<bool> RevokeTokenAsync(Guid sessionId, RevocationReason reason, (string Id, string? IpAddress)? client, CancellationToken cancellationToken) =>
        _writer.ExecuteAsync(
            new RevokeTokenCommand(sessionId, reason, client, _revocations) { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);

    /// <summary>Checked here, where the caller gets the exception. In the writer it would fail a batch of several callers.</summary>
    private static void ThrowIfUndefined(RevocationReason reason)
    {
        if (!Enum.IsDefined(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a member of RevocationReason.");
        }
    }
}
