using Countersign.EntityFrameworkCore.Accounts;

namespace Countersign.PostgreSql.Sessions;

/// <summary>Spares the driver from reading a statement each time that it runs, to put numbers where parameters have names.</summary>
internal static class PositionalParameters
{
    /// <summary>Gives both statements a positional parameter, with an empty name, where that can be done without knowing their grammar; otherwise it keeps its name.</summary>
    public static AccountStatements Of(AccountStatements statements)
    {
        var (accounts, accountsParameter) = Of(statements.Accounts, statements.AccountsParameter);
        var (roles, rolesParameter) = Of(statements.Roles, statements.RolesParameter);
        return statements with { Accounts = accounts, AccountsParameter = accountsParameter, Roles = roles, RolesParameter = rolesParameter };
    }

    private static (string Sql, string Parameter) Of(string sql, string parameter)
    {
        var marker = $"@{parameter.TrimStart('@')}";
        var at = sql.IndexOf(marker, StringComparison.Ordinal);

        // Another "@" may be an operator, or stand in a literal or a comment, where "$1" would not be a parameter either: then the driver knows better.
        var isAlone = at >= 0 && sql.AsSpan().Count('@') == 1 && !sql.AsSpan().ContainsAny('$', '\'');
        return isAlone && (at + marker.Length == sql.Length || !IsOfAName(sql[at + marker.Length]))
            ? (string.Concat(sql.AsSpan(0, at), "$1", sql.AsSpan(at + marker.Length)), string.Empty)
            : (sql, parameter);
    }

    private static bool IsOfAName(char character) => char.IsLetterOrDigit(character) || character is '_' or '.';
}
