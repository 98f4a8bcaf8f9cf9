namespace Countersign.AspNetCore.Identity;

/// <summary>An account's row as the database has it, whatever the app holds in memory.</summary>
internal sealed class StoredAccount
{
    public required string UserId { get; init; }

    public string? SecurityStamp { get; init; }

    public string? PasswordHash { get; init; }

    public string? Email { get; init; }

    /// <summary>What the app's options say of the account: whether it may be used.</summary>
    public required bool IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Until when an initial password may be used; null for a password that the person has chosen.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"StoredAccount {UserId}";
}
