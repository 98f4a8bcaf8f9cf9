using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The database provider that the registered stores are written for.</summary>
/// <param name="name">The provider's name, as a context tells it.</param>
/// <param name="isPostgreSql">Whether <c>UsePostgreSql</c> was called.</param>
internal sealed class StoreProvider(string name, bool isPostgreSql)
{
    private const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";
    private const string InMemory = "Microsoft.EntityFrameworkCore.InMemory";

    /// <summary>What <c>AddEntityFrameworkStores</c> registers.</summary>
    public static StoreProvider ForSqlite { get; } = new(SqliteProvider.Name, isPostgreSql: false);

    /// <summary>What <c>UsePostgreSql</c> registers.</summary>
    public static StoreProvider ForPostgreSql { get; } = new(PostgreSql, isPostgreSql: true);

    /// <summary>Throws if the context is on another provider. Without this check the first statement would fail with a message that names no remedy.</summary>
    /// <exception cref="NotSupportedException">The context is on another provider. The message says what works.</exception>
    public void Assert(DbContext context)
    {
        if (!string.Equals(context.Database.ProviderName, name, StringComparison.Ordinal))
        {
            throw new NotSupportedException(Message(context.GetType().Name, context.Database.ProviderName));
        }
    }

    private string Message(string context, string? provider) => provider switch
    {
        InMemory =>
            $"{context} is on Entity Framework's in-memory provider, which has no SQL and no transactions, so it can't store sessions. In tests use " +
            "SqliteTestDatabase of the package Countersign.Testing.",
        PostgreSql =>
            $"{context} is on PostgreSQL. Add the package Countersign.PostgreSql, and call UsePostgreSql() on what AddCountersign or " +
            "AddEntityFrameworkStores returns.",
        SqliteProvider.Name when isPostgreSql => $"{context} is on SQLite. Remove the call of UsePostgreSql(), or register the context with UseNpgsql.",
        _ =>
            $"{context} is on {provider}, and sessions are stored on PostgreSQL or SQLite only. The accounts may stay in {context}: put the sessions into a " +
            "second context on PostgreSQL or SQLite, and give that one to AddEntityFrameworkStores.",
    };
}
