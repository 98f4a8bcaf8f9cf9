using Countersign.EntityFrameworkCore.Accounts;

namespace Countersign.PostgreSql.Sessions;

/// <summary>The statements that read accounts. Each reads many keys at once.</summary>
internal sealed class AccountStatements(AccountTables tables)
{
    /// <summary>The tables of the accounts.</summary>
    public AccountTables Tables => tables;

    /// <summary>The rows of accounts ($1), see <see cref="AccountTables.Read"/>.</summary>
    public string Rows { get; } = $"SELECT {tables.Columns} FROM {tables.Users} WHERE {tables.Id} = ANY($1)";

    /// <summary>The keys of accounts ($1) and the names of their roles, a row for each role.</summary>
    public string Roles { get; } = $"SELECT {tables.RoleUserId}, {tables.RoleName} FROM {tables.Roles} WHERE {tables.RoleUserId} = ANY($1)";

    /// <summary>Makes the parameter of keys.</summary>
    public Array Parameter(IReadOnlyCollection<object> keys)
    {
        var parameter = Array.CreateInstance(tables.KeyType, keys.Count);
        var place = 0;
        foreach (var key in keys)
        {
            parameter.SetValue(key, place++);
        }

        return parameter;
    }
}
