using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The attempts at passwords that every node counts together.</summary>
public sealed class SignInAttempts
{
    private readonly ISignInAttemptStore _store;
    private readonly SessionClock _clock;
    private readonly LockoutPolicy _policy;

    internal SignInAttempts(ISignInAttemptStore store, IOptions<CountersignLockoutOptions> options, SessionClock clock)
    {
        _store = store;
        _clock = clock;
        _policy = new LockoutPolicy(options.Value.MaxFailedAttempts, options.Value.InitialDuration, options.Value.MaxDuration)
        {
            StrangerAttempts = options.Value.StrangerAttempts,
            StrangerInterval = options.Value.StrangerInterval,
        };
    }

    /// <summary>Forgets an account's wrong passwords from every network, so that each block ends at once: for an administrator who unlocks it.</summary>
    /// <param name="userId">The account's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Identity's own lockout is another thing, which <c>UserManager</c> sets and ends.</remarks>
    public Task ResetAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _store.ResetAsync(SubjectOfAccount(userId), cancellationToken);
    }

    /// <summary>One subject for an account, whatever name it was called by.</summary>
    internal static string SubjectOfAccount(string userId) => "account:" + userId;

    /// <summary>One subject for a session that asks for a change.</summary>
    internal static string SubjectOfSession(Guid sessionId) => $"session:{sessionId:N}";

    /// <summary>
    /// One subject for a name that no account has. Only a digest is kept: people type passwords into the wrong field, and a name can have any length.
    /// </summary>
    /// <param name="lookupName">The name in the form in which accounts are looked up, so that two spellings are one name here exactly where they are one
    /// there.</param>
    internal static string SubjectOfName(string lookupName) =>
        "name:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(lookupName)).AsSpan(0, 16));

    internal Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, CancellationToken cancellationToken) =>
        _store.ReserveAsync(attempt, _policy, _clock.Now, cancellationToken);

    internal Task SucceedAsync(SignInAttempt attempt, CancellationToken cancellationToken) => _store.SucceedAsync(attempt, _policy, cancellationToken);

    internal Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, CancellationToken cancellationToken) =>
        _store.GiveBackAsync(attempt, reservation, _policy, cancellationToken);

    internal Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken) => _store.TouchAsync(attempt, cancellationToken);

    /// <summary>How long the block lasts that an attempt has begun.</summary>
    internal TimeSpan LengthOf(DateTimeOffset blockedUntil) => blockedUntil - _clock.Now;
}
