using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Diagnostics;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions;

/// <summary>Starts, refreshes and ends sessions. The endpoints use it. An app that logs people in by other means can use it too.</summary>
/// <remarks>
/// All writes of a process go through one writer. If the database fails or is too slow, a method throws <see cref="SessionsUnavailableException"/>, or the
/// database's own exception from a read. The change may have happened in spite of that, because a failed commit can have reached the database. A client then
/// refreshes again with the token that it has stored.
/// </remarks>
public sealed partial class SessionService
{
    private const int MaxUserAgentLength = 512;
    private const int MaxLabelLength = 100;
    private const int MaxAddressLength = 64;
    private const int MaxDetailLength = 1024;

    /// <summary>Far more than the live sessions of an account. If a person logs in and out all day, the newest sessions are read.</summary>
    private const int MaxAddresses = 1000;

    /// <summary>The number of revocations in one batch of the writer.</summary>
    private const int RevocationPage = 500;

    private readonly SessionWriter _writer;
    private readonly ISessionStore _store;
    private readonly IAccounts _accounts;
    private readonly IKeySource _keys;
    private readonly RefreshKeyRing _refreshKeys;
    private readonly RefreshTokenCodec _codec;
    private readonly SessionTokenIssuer _issuer;
    private readonly RevocationList _revocations;
    private readonly SessionClock _clock;
    private readonly SessionSettings _settings;
    private readonly ILogger<SessionService> _logger;

    internal SessionService(
        SessionWriter writer,
        ISessionStore store,
        IAccounts accounts,
        IKeySource keys,
        RefreshKeyRing refreshKeys,
        RefreshTokenCodec codec,
        SessionTokenIssuer issuer,
        RevocationList revocations,
        SessionClock clock,
        SessionSettings settings,
        ILogger<SessionService> logger)
    {
        _writer = writer;
        _store = store;
        _accounts = accounts;
        _keys = keys;
        _refreshKeys = refreshKeys;
        _codec = codec;
        _issuer = issuer;
        _revocations = revocations;
        _clock = clock;
        _settings = settings;
        _logger = logger;
    }

    /// <summary>
    /// Starts a session for an account that has just proved its identity. It makes all checks of Countersign's login except the password. The account must be
    /// active, not locked out, and confirmed as the app requires. It must have shown its second factor if it has one. An initial password must not have
    /// expired, and the session ends when that password expires.
    /// </summary>
    /// <param name="userId">The account's id.</param>
    /// <param name="context">How, and from where, the account proved its identity.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The first pair, or the reason why there is none. Without a pair nothing is written.</returns>
    public async Task<SessionStartResult> StartAsync(string userId, SignInContext context, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(context);

        var arrival = _clock.Now;
        var timestamp = _clock.Time.GetTimestamp();
        var standing = await _accounts.FindStandingAsync(userId, cancellationToken).ConfigureAwait(false);
        if (FindStartError(standing, context, arrival) is { } error)
        {
            return new SessionStartResult(error);
        }

        var session = NewSession(standing!, context, arrival);
        if (FindSizeError(session, standing!.Facts) is { } tooLarge)
        {
            return new SessionStartResult(tooLarge);
        }

        var started = await _writer.ExecuteAsync(
            new StartCommand(session, _settings.MaxPerUser) { Arrival = arrival, ArrivalTimestamp = timestamp },
            cancellationToken).ConfigureAwait(false);
        session = started.Session;

        // The account can have changed between the check of the credential and the insert of the row. A call that ended its sessions in that time did not see
        // this one.
        var facts = await _accounts.DescribeAsync(userId, CancellationToken.None).ConfigureAwait(false);
        if (facts is not { IsActive: true } || !facts.Stamp.Span.SequenceEqual(session.Stamp.Span))
        {
            await RevokeAsync(session.Id, RevocationReason.AccountChanged, CancellationToken.None).ConfigureAwait(false);
            return new SessionStartResult(facts is { IsActive: false } ? SessionStartError.AccountInactive : SessionStartError.AccountChanged);
        }

        // The account can have got roles in that time too.
        if (FindSizeError(session, facts) is { } grown)
        {
            await RevokeAsync(session.Id, RevocationReason.AccountChanged, CancellationToken.None).ConfigureAwait(false);
            return new SessionStartResult(grown);
        }

        return new SessionStartResult(_issuer.Issue(session, facts, session.CreatedAt, started.Feed));
    }

    /// <summary>
    /// Says whether <see cref="StartAsync"/> would start a session now. A change that first ends all other sessions asks this. Nothing is changed.
    /// </summary>
    /// <returns>Null if a session would be started.</returns>
    internal async Task<SessionStartError?> CheckStartAsync(string userId, SignInContext context, CancellationToken cancellationToken)
    {
        var now = _clock.Now;
        var standing = await _accounts.FindStandingAsync(userId, cancellationToken).ConfigureAwait(false);
        return FindStartError(standing, context, now) ?? FindSizeError(NewSession(standing!, context, now), standing!.Facts);
    }

    /// <summary>Exchanges a refresh token for the next pair, by the rules of refresh token rotation.</summary>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">The client's network address, for the audit table, where it shows who used a token twice. Null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait. A refresh that is already in a batch is still decided.</param>
    /// <returns>The pair, or the reason why there is none.</returns>
    public async Task<RefreshResult> RefreshAsync(string refreshToken, string? ipAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        using var activity = SessionActivities.StartRefresh();

        // Taken before any wait. The first of two clients must not look like a thief because a commit was slow.
        var arrival = _clock.Now;
        var timestamp = _clock.Time.GetTimestamp();
        var (token, error) = await ReadAsync(refreshToken, arrival, cancellationToken).ConfigureAwait(false);
        if (error is { } unfit)
        {
            return new RefreshResult(unfit);
        }

        var account = await ReadAccountAsync(token.UserId, cancellationToken).ConfigureAwait(false);
        var command = new RefreshCommand(token, account, ClientText.Clean(ipAddress, MaxAddressLength), _revocations, _settings.Rotation, _issuer)
        {
            Arrival = arrival,
            ArrivalTimestamp = timestamp,
        };
        var outcome = await _writer.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
        Report(outcome, token.SessionId);
        if (outcome.Decision.Error is { } refusal)
        {
            if (refusal == RefreshError.TokenTooLarge && _issuer.MeasureTooLarge(outcome.Session!, outcome.Account!) is { } bytes)
            {
                Log.TokenTooLarge(_logger, token.UserId, bytes);
            }

            return new RefreshResult(refusal);
        }

        return new RefreshResult(_issuer.Issue(outcome.Session!, outcome.Account!, outcome.DecidedAt, outcome.Feed));
    }

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
        return _writer.ExecuteAsync(
            new RevokeAllCommand(userId, reason) { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);
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
        return _writer.ExecuteAsync(
            new RevokeAllCommand(userId, reason, keptSessionId) { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);
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
    /// Makes the access tokens of an account stale, because its roles or other claims of its tokens have changed. Its sessions live. A stale token is refused at
    /// once on this node, and within about a second on other nodes; its client refreshes and gets the new claims.
    /// </summary>
    /// <remarks>
    /// Changes that go through <c>UserManager</c> need no call. Call this after a change that goes past it, when the change is committed: a token that is made
    /// between this call and the commit has the old claims.
    /// </remarks>
    /// <param name="userId">The account's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of live sessions.</returns>
    public Task<int> ClaimsChangedAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _writer.ExecuteAsync(
            new ClaimsChangedCommand(userId) { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);
    }

    /// <summary>
    /// Makes the access tokens of all accounts stale, because a role has changed itself: it has another name, other claims, or was deleted. All sessions live,
    /// and their clients refresh at their next request.
    /// </summary>
    /// <remarks>Changes that go through <c>RoleManager</c> need no call. Call this when the change is committed.</remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AllClaimsChangedAsync(CancellationToken cancellationToken = default) =>
        _writer.ExecuteAsync(
            new AllClaimsChangedCommand { Arrival = _clock.Now, ArrivalTimestamp = _clock.Time.GetTimestamp() },
            cancellationToken);

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

    /// <summary>Lists the network addresses of an account's sessions, live or ended. Cleaned-up sessions are not included.</summary>
    internal Task<IReadOnlyList<string>> FindAddressesAsync(string userId, CancellationToken cancellationToken) =>
        _store.FindAddressesAsync(userId, MaxAddresses, cancellationToken);

    /// <summary>Finds one session, live or not.</summary>
    /// <returns>Null if there is none.</returns>
    public Task<Session?> FindAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _store.FindAsync(sessionId, cancellationToken);

    /// <summary>Lists an account's live sessions, newest first.</summary>
    /// <param name="userId">The account's id.</param>
    /// <param name="before">The last id of the previous page; null for the first page.</param>
    /// <param name="limit">The largest number of sessions to return, at least 1.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _store.ListAsync(userId, before, limit, _clock.Now, cancellationToken);
    }

    /// <summary>Reads an account for a command, unless the command's transaction reads it.</summary>
    private async ValueTask<AccountRead> ReadAccountAsync(string userId, CancellationToken cancellationToken)
    {
        if (await _accounts.FindJoinedAsync(userId, cancellationToken).ConfigureAwait(false) is { } joined)
        {
            return joined;
        }

        // The number before the account, see FeedMark.
        var revision = await _store.FindRevisionAsync(cancellationToken).ConfigureAwait(false);
        return new AccountRead(await _accounts.DescribeAsync(userId, cancellationToken).ConfigureAwait(false), revision);
    }

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

    /// <summary>Whether the account's roles fit into a token. The log names the account and the bytes.</summary>
    private SessionStartError? FindSizeError(Session session, AccountFacts account)
    {
        if (_issuer.MeasureTooLarge(session, account) is not { } bytes)
        {
            return null;
        }

        Log.TokenTooLarge(_logger, account.UserId, bytes);
        return SessionStartError.TokenTooLarge;
    }

    private static SessionStartError? FindStartError(AccountStanding? standing, SignInContext context, DateTimeOffset now)
    {
        if (standing is null)
        {
            return SessionStartError.AccountUnknown;
        }

        if (context.Stamp is { } stamp && !CryptographicOperations.FixedTimeEquals(stamp.Span, standing.Facts.Stamp.Span))
        {
            return SessionStartError.AccountChanged;
        }

        // These errors prevent new logins only.
        var error = standing.Error ?? (context.HasPassword && standing.PasswordExpiresAt <= now ? SessionStartError.PasswordExpired : null);
        error = context.ContinuesSession && error is not SessionStartError.AccountInactive ? null : error;
        return error ?? (standing.RequiresSecondFactor && !context.HasSecondFactor ? SessionStartError.SecondFactorRequired : null);
    }

    private Session NewSession(AccountStanding standing, SignInContext context, DateTimeOffset now)
    {
        var expiresAt = now + _settings.AbsoluteLifetime;
        if (context.HasPassword && standing.PasswordExpiresAt < expiresAt)
        {
            // Otherwise an initial password of an hour could give a session of months. Its change ends the session, and the next session has the usual
            // lifetime.
            expiresAt = standing.PasswordExpiresAt.Value;
        }

        var idleExpiresAt = now + _settings.Rotation.IdleLifetime;
        var state = new SessionState(1, null, string.Empty, null, idleExpiresAt < expiresAt ? idleExpiresAt : expiresAt);
        return new Session(RandomNumberGenerator.GetBytes(Session.SaltBytes), standing.Facts.Stamp, state)
        {
            Id = Guid.CreateVersion7(now),
            UserId = standing.Facts.UserId,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            AuthenticatedAt = now,
            Methods = context.Methods,
            UserAgent = ClientText.Clean(context.UserAgent, MaxUserAgentLength),
            IpAddress = ClientText.Clean(context.IpAddress, MaxAddressLength),
            Label = ClientText.Clean(context.Label, MaxLabelLength),
        };
    }

    private void Report(in RefreshOutcome outcome, Guid sessionId)
    {
        var rotation = outcome.Decision.Case;
        SessionMetrics.Refreshed(rotation, outcome.Decision.Error);
        SessionActivities.Refreshed(rotation, outcome.Decision.Error);
        switch (rotation)
        {
            case RotationCase.Refused or RotationCase.Repeated or RotationCase.Rotated:
                Log.Refreshed(_logger, sessionId, rotation);
                break;
            case RotationCase.ParentReplayed:
                Log.ParentReplayed(_logger, sessionId, rotation);
                break;
            default:
                Log.RefreshEvent(_logger, sessionId, rotation);
                break;
        }
    }
}
