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

    /// <summary>Far more than the live sessions of an account. If a person logs in and out all day, the newest sessions are read.</summary>
    private const int MaxAddresses = 1000;

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
        var facts = await DescribeStartedAsync(session).ConfigureAwait(false);
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

    /// <summary>Reads the account of a session that was started. If that fails, nobody gets the session's tokens, so the session ends.</summary>
    private async Task<AccountFacts?> DescribeStartedAsync(Session session)
    {
        try
        {
            return await _accounts.DescribeAsync(session.UserId, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await RevokeAsync(session.Id, RevocationReason.AccountChanged, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
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
