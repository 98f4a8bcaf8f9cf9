using Countersign.EntityFrameworkCore.Accounts;
using Countersign.PostgreSql.Sessions;

namespace Countersign.PostgreSql.Tests;

/// <summary>A parameter loses its name only where nothing else could be meant.</summary>
public sealed class PositionalParametersTests
{
    [Theory]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys)", "keys", "SELECT a FROM t WHERE id = ANY ($1)")]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys)", "@keys", "SELECT a FROM t WHERE id = ANY ($1)")]
    [InlineData("SELECT a FROM t WHERE id = @keys", "keys", "SELECT a FROM t WHERE id = $1")]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys2)", "keys", null)]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys) AND b <> '@keys'", "keys", null)]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys) AND c @> d", "keys", null)]
    [InlineData("SELECT a, 'x' FROM t WHERE id = ANY (@keys)", "keys", null)]
    [InlineData("SELECT a FROM t WHERE id = ANY (@keys) AND c = $$d$$", "keys", null)]
    [InlineData("SELECT a FROM t", "keys", null)]
    public void Of_Statement_PositionalWhereThatIsCertain(string sql, string parameter, string? positional)
    {
        var statements = PositionalParameters.Of(new AccountStatements(sql, parameter, sql, parameter, TakesSeveral: true));

        Assert.Equal((positional ?? sql, positional is null ? parameter : string.Empty), (statements.Accounts, statements.AccountsParameter));
        Assert.Equal((statements.Accounts, statements.AccountsParameter), (statements.Roles, statements.RolesParameter));
    }
}
