using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>What one attempt at a change came to: saved, refused for good, or neither, which is worth another attempt.</summary>
internal readonly struct AccountOutcome
{
    public AccountOutcome(AccountChange problem) => Refusal = problem;

    public AccountOutcome(IdentityResult result) => Saved = result.Succeeded;

    /// <summary>Null unless the change was refused for good.</summary>
    public AccountChange? Refusal { get; }

    public bool Saved { get; }
}
