namespace Countersign.AspNetCore.Identity;

/// <summary>An account's row as the database has it, whatever the app holds in memory.</summary>
internal sealed class StoredAccount
{
    public required string UserId { get; init; }

    public string? SecurityStamp { get; init; }

    public string? PasswordHash { get; init; }

    public string? Email { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"StoredAccount {UserId}";
}
