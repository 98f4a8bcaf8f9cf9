namespace Countersign.AspNetCore.Identity;

/// <summary>What an account shows of itself on the wire.</summary>
internal sealed class AccountProfile
{
    public required string Id { get; init; }

    /// <summary>Null if the account has none.</summary>
    public string? Email { get; init; }

    public required bool EmailConfirmed { get; init; }

    /// <summary>Null if it has none, or if the app's user type knows none.</summary>
    public string? DisplayName { get; init; }

    public required bool IsActive { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Null if the app's user type does not keep it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"AccountProfile {Id}";
}
