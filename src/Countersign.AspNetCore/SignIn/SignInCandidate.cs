using Countersign.Passwords;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The result of the step "find" for the next steps: the account whose password is checked, and the counters of the attempt.</summary>
internal sealed class SignInCandidate
{
    /// <summary>Null for a name without an account.</summary>
    public required SignInAccount? Account { get; init; }

    /// <summary>
    /// The hash to compare with. Null if the account may not log in at the moment, or has no password: then the engine compares with a dummy, and fails.
    /// </summary>
    public required string? Hash { get; init; }

    /// <summary>The counters of the attempt. The first that accepts the attempt counts it.</summary>
    public required IReadOnlyList<SignInAttempt> Counters { get; init; }

    /// <summary>What a place in the engine's queue is counted against.</summary>
    public required PasswordQueueKey QueueKey { get; init; }

    /// <summary>The session that asks for the change; null at a login.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Whether Identity's own lockout counts the attempt. It counts every login.</summary>
    public bool CountsForLockout { get; init; }

    /// <summary>Returns only the account's id.</summary>
    public override string ToString() => $"SignInCandidate {Account?.UserId}";
}
