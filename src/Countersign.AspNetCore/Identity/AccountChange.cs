using System.Diagnostics.CodeAnalysis;
using Countersign.Passwords.Rules;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Identity;

/// <summary>The result of creating, changing or deleting an account: its profile, or the fault. The zero value is neither, and is not a success.</summary>
internal readonly struct AccountChange
{
    private readonly IReadOnlyList<PasswordRuleViolation>? _violations;

    private AccountChange(
        AccountProfile? profile,
        ReadOnlyMemory<byte> stamp,
        AccountError? fault,
        IReadOnlyList<PasswordRuleViolation>? violations,
        AccountRefusal? refusal = null)
    {
        Refusal = refusal;
        Profile = profile;
        Stamp = stamp;
        Fault = fault;
        _violations = violations;
    }

    /// <summary>The account after the change; for a deleted account, as it was before. Null if there is a fault.</summary>
    public AccountProfile? Profile { get; }

    /// <summary>The account's stamp after the change. A session that this change starts must carry it.</summary>
    public ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>Null on success.</summary>
    public AccountError? Fault { get; }

    /// <summary>The app's refusal; null unless the fault is <see cref="AccountError.Refused"/>.</summary>
    public AccountRefusal? Refusal { get; }

    /// <summary>The rules that the password breaks; empty unless the fault is <see cref="AccountError.PasswordRefused"/>.</summary>
    public IReadOnlyList<PasswordRuleViolation> Violations => _violations ?? [];

    /// <summary>Whether a mail says what became of the change, and the answer must not.</summary>
    public bool IsAccepted { get; private init; }

    /// <summary>Whether the change was made.</summary>
    [MemberNotNullWhen(true, nameof(Profile))]
    public bool Succeeded => Profile is not null;

    public static AccountChange Done(AccountProfile profile, ReadOnlyMemory<byte> stamp) => new(profile, stamp, null, null);

    /// <summary>A sign-up that does not say whether it has made an account.</summary>
    public static AccountChange Accepted { get; } = new(null, default, null, null) { IsAccepted = true };

    public static AccountChange Failed(AccountError fault) => new(null, default, fault, null);

    public static AccountChange Refused(AccountRefusal refusal) => new(null, default, AccountError.Refused, null, refusal);

    public static AccountChange Refused(IReadOnlyList<PasswordRuleViolation> violations) => new(null, default, AccountError.PasswordRefused, violations);
}
