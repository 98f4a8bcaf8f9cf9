using Countersign.Passwords;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;

namespace Countersign.AspNetCore.SignIn;

/// <summary>Whose password is checked, and what the attempt counts against: what the step "find" hands to those after it.</summary>
internal sealed class SignInCandidate
{
    /// <summary>Null for a name that no account has.</summary>
    public required SignInAccount? Account { get; init; }

    /// <summary>
    /// What to compare with; null where the account may not log in now, or has no password: the engine then compares with a dummy, and fails.
    /// </summary>
    public required string? Hash { get; init; }

    /// <summary>What the attempt may count against: the first that takes it counts.</summary>
    public required IReadOnlyList<SignInAttempt> Counters { get; init; }

    /// <summary>Whom a place in the engine's queue is counted against.</summary>
    public required PasswordQueueKey QueueKey { get; init; }

    /// <summary>The session that asks; null at a login.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Whether Identity's own lockout counts it, as it counts every login.</summary>
    public bool CountsForLockout { get; init; }

    /// <summary>The account's id alone.</summary>
    public override string ToString() => $"SignInCandidate {Account?.UserId}";
}
