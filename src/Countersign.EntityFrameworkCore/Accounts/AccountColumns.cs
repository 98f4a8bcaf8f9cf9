namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>What is read of an account's own row, in this order.</summary>
internal sealed class AccountColumns<TKey>
{
    /// <summary>The id as the database has it.</summary>
    public required TKey Key { get; init; }

    /// <summary>Identity's security stamp.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The e-mail address; null if the account has none.</summary>
    public string? Email { get; init; }

    /// <summary>1 if the account may be used. A number, so that the database decides, and not how a provider would read the app's own column.</summary>
    public int IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }
}
