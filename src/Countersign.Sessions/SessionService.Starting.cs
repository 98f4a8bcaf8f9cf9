using System.Security.Cryptography;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions;

/// <content>The start of a session.</content>
public sealed partial class SessionService
{
    /// <summary>
    /// Starts a session for an account that has just proved its identity. It makes all checks of Countersign's login except the password. The account must be
    /// active, not locked out, and confirmed as the app requires. It must have shown its second factor if it has one. An initial password must not have
    /// expired, and the session ends when that password expires. The app's own <c>IAccountEvents</c> are asked last, and told about the session.
    /// </summary>
    /// <remarks>If the app's <c>SigningInAsync</c> throws, an <c>AccountEventException</c> travels up, and nothing is written.</remarks>
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

        if (_events is not { Any: true } events || context.ContinuesSession)
        {
            return await WriteAsync(session, arrival, timestamp, cancellationToken).ConfigureAwait(false);
        }

        // The app may have taken its time, so the session begins anew after that.
        return await events.StartAsync(
            userId,
            context,
            () => WriteAsync(NewSession(standing, context, _clock.Now), _clock.Now, _clock.Time.GetTimestamp(), cancellationToken),
            cancellationToken).ConfigureAwait(false);
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

    /// <summary>Writes the session's row, and checks the account once more.</summary>
    private async Task<SessionStartResult> WriteAsync(Session session, DateTimeOffset arrival, long timestamp, CancellationToken cancellationToken)
    {
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
}
