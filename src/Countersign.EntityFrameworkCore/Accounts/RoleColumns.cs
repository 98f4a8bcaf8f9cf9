namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>What is read of a role of an account, in this order.</summary>
internal sealed class RoleColumns<TKey>
{
    /// <summary>The account's id.</summary>
    public required TKey Key { get; init; }

    /// <summary>The role's name.</summary>
    public string? Name { get; init; }
}
