using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>The result of one attempt at a change: saved, refused for good, or neither; then another attempt is worthwhile.</summary>
internal readonly struct AccountOutcome
{
    public AccountOutcome(AccountChange refusal) => Refusal = refusal;

    public AccountOutcome(IdentityResult result) => Saved = result.Succeeded;

    /// <summary>The refusal; null if the change may still succeed or has succeeded.</summary>
    public AccountChange? Refusal { get; }

    public bool Saved { get; }
}
