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

    /// <summary>Far more than the live sessions of an account. If a person logs in and out all day, the newest sessions are read.</summary>
    private const int MaxAddresses = 1000;

    private readonly SessionWriter _writer;
    private readonly SessionInvalidation _invalidation;
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
    private readonly ISignInEvents? _events;

    internal SessionService(
        SessionWriter writer,
        SessionInvalidation invalidation,
        ISessionStore store,
        IAccounts accounts,
        IKeySource keys,
        RefreshKeyRing refreshKeys,
        RefreshTokenCodec codec,
        SessionTokenIssuer issuer,
        RevocationList revocations,
        SessionClock clock,
        SessionSettings settings,
        ILogger<SessionService> logger,
        ISignInEvents? events)
    {
        _writer = writer;
        _invalidation = invalidation;
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
        _events = events;
    }

    /// <summary>Exchanges a refresh token for the next pair, by the rules of refresh token rotation.</summary>
    /// <param name="refreshToken">What the client sent.</param>
    /// <param name="ipAddress">The client's network address, for the audit table, where it shows who used a token twice. Null if it is not known.</param>
    /// <param name="cancellationToken">Ends the wait. A refresh that is already in a batch is still decided.</param>
    /// <returns>The pair, or the reason why there is none.</returns>
    public Task<RefreshResult> RefreshAsync(string refreshToken, string? ipAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refreshToken);
        return SessionActivities.ObserveRefreshAsync(() => RefreshCoreAsync(refreshToken, ipAddress, cancellationToken));
    }

    private async Task<RefreshResult> RefreshCoreAsync(string refreshToken, string? ipAddress, CancellationToken cancellationToken)
    {
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

    private void Report(in RefreshOutcome outcome, Guid sessionId)
    {
        var rotation = outcome.Decision.Case;
        SessionMetrics.Refreshed(rotation, outcome.Decision.Error);
        SessionActivities.Refreshed(rotation);
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
