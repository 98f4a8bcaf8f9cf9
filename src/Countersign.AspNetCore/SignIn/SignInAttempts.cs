using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The counts of password attempts, which all nodes share.</summary>
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

    /// <summary>
    /// Deletes the count of an account's wrong passwords from every network, so each block ends at once. An administrator unlocks an account with it.
    /// </summary>
    /// <param name="userId">The account's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>It does not change Identity's own lockout, which <c>UserManager</c> sets and ends.</remarks>
    public Task ResetAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _store.ResetAsync(SubjectOfAccount(userId), cancellationToken);
    }

    /// <summary>The subject of an account; the same for every name of the account.</summary>
    internal static string SubjectOfAccount(string userId) => "account:" + userId;

    /// <summary>The subject of a session that requests a change.</summary>
    internal static string SubjectOfSession(Guid sessionId) => $"session:{sessionId:N}";

    /// <summary>
    /// The subject of a name without an account. Only a digest is kept, because people type passwords into the wrong field, and because a name can have any
    /// length.
    /// </summary>
    /// <param name="lookupName">
    /// The name in the form in which accounts are looked up. So two spellings are one name here exactly if they are one name there.
    /// </param>
    internal static string SubjectOfName(string lookupName) =>
        "name:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(lookupName)).AsSpan(0, 16));

    internal Task<AttemptReservation> ReserveAsync(SignInAttempt attempt, CancellationToken cancellationToken) =>
        _store.ReserveAsync(attempt, _policy, _clock.Now, cancellationToken);

    internal Task SucceedAsync(SignInAttempt attempt, CancellationToken cancellationToken) => _store.SucceedAsync(attempt, _policy, cancellationToken);

    internal Task GiveBackAsync(SignInAttempt attempt, AttemptReservation reservation, CancellationToken cancellationToken) =>
        _store.GiveBackAsync(attempt, reservation, _policy, cancellationToken);

    internal Task TouchAsync(SignInAttempt attempt, CancellationToken cancellationToken) => _store.TouchAsync(attempt, cancellationToken);

    /// <summary>How long the block lasts that an attempt started.</summary>
    internal TimeSpan LengthOf(DateTimeOffset blockedUntil) => blockedUntil - _clock.Now;
}
