namespace Countersign.Sessions.Accounts;

/// <summary>An account as its database has it, whatever the app holds in memory. What it means is said by <see cref="AccountFacts"/>.</summary>
internal sealed class AccountRow
{
    private readonly List<string> _roles = [];

    /// <summary>The id, of the accounts' own type.</summary>
    public required object? Key { get; init; }

    /// <summary>Identity's security stamp.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The stored password hash; null if the account has none, or if nobody asked for it.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The e-mail address; null if the account has none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the account may be used by the app's options alone, which know nothing of Identity's lockout.</summary>
    public required bool IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Until when an initial password may be used; null for a password that the person has chosen, or if nobody asked for it.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>The names of its roles; empty if nobody asked for them.</summary>
    public IReadOnlyList<string> Roles => _roles;

    /// <summary>The id as text, the <c>sub</c> of the account's tokens.</summary>
    public string UserId => Key?.ToString() ?? string.Empty;

    /// <summary>Adds a role that the account has; one without a name says nothing.</summary>
    public void AddRole(string? name)
    {
        if (name is not null)
        {
            _roles.Add(name);
        }
    }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"AccountRow {Key}";
}
