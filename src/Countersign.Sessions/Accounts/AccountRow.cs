namespace Countersign.Sessions.Accounts;

/// <summary>An account as it is read for a refresh.</summary>
internal sealed class AccountRow
{
    /// <summary>The id as the database has it.</summary>
    public object? Key { get; init; }

    /// <summary>Identity's security stamp.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The e-mail address; null if the account has none.</summary>
    public string? Email { get; init; }

    /// <summary>What the app's options say of the account: whether it may be used.</summary>
    public bool IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>The names of its roles.</summary>
    public required IList<string?> Roles { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"AccountRow {Key}";
}
