using System.Diagnostics.CodeAnalysis;
using Countersign.Passwords.Rules;

namespace Countersign.AspNetCore.Identity;

/// <summary>What became of a wish to make, change or delete an account: its profile, or the fault. The zero value is neither, and no success.</summary>
internal readonly struct AccountChange
{
    private readonly IReadOnlyList<PasswordRuleViolation>? _violations;

    private AccountChange(
        AccountProfile? profile, ReadOnlyMemory<byte> stamp, AccountError? fault, IReadOnlyList<PasswordRuleViolation>? violations)
    {
        Profile = profile;
        Stamp = stamp;
        Fault = fault;
        _violations = violations;
    }

    /// <summary>The account as it is now; of a deleted account as it was last. Null when there is a fault.</summary>
    public AccountProfile? Profile { get; }

    /// <summary>The account's stamp as the change has left it: what a session started by this change must carry.</summary>
    public ReadOnlyMemory<byte> Stamp { get; }

    /// <summary>Null on success.</summary>
    public AccountError? Fault { get; }

    /// <summary>The rules that the password breaks; empty unless the fault is <see cref="AccountError.PasswordRefused"/>.</summary>
    public IReadOnlyList<PasswordRuleViolation> Violations => _violations ?? [];

    /// <summary>Whether it was done.</summary>
    [MemberNotNullWhen(true, nameof(Profile))]
    public bool Succeeded => Profile is not null;

    public static AccountChange Done(AccountProfile profile, ReadOnlyMemory<byte> stamp) => new(profile, stamp, null, null);

    public static AccountChange Failed(AccountError fault) => new(null, default, fault, null);

    public static AccountChange Refused(IReadOnlyList<PasswordRuleViolation> violations) => new(null, default, AccountError.PasswordRefused, violations);
}
