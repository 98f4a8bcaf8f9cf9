namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The two statements that read accounts, as the provider has translated them.</summary>
/// <param name="Accounts">Reads <see cref="AccountColumns{TKey}"/>.</param>
/// <param name="AccountsParameter">The name of its one parameter.</param>
/// <param name="Roles">Reads <see cref="RoleColumns{TKey}"/>.</param>
/// <param name="RolesParameter">The name of its one parameter.</param>
/// <param name="TakesSeveral">Whether the parameters are arrays of keys, as PostgreSQL has them; otherwise one key.</param>
internal sealed record AccountStatements(string Accounts, string AccountsParameter, string Roles, string RolesParameter, bool TakesSeveral);
