namespace Countersign.AspNetCore.Identity;

/// <summary>The data of an account that its responses show.</summary>
internal sealed class AccountProfile
{
    public required string Id { get; init; }

    /// <summary>Null if the account has no e-mail address.</summary>
    public string? Email { get; init; }

    public required bool EmailConfirmed { get; init; }

    /// <summary>Null if the account has no display name, or the app's user type has none.</summary>
    public string? DisplayName { get; init; }

    public required bool IsActive { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Null if the app's user type does not store it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Returns only the id.</summary>
    public override string ToString() => $"AccountProfile {Id}";
}
