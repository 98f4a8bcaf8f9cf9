using Countersign.StoreSpecification;

namespace Countersign.PostgreSql.Tests;

/// <summary>A suite about what PostgreSQL alone does.</summary>
public abstract class PostgreSqlSuite : StoreSuite
{
    private protected PostgreSqlSuite()
        : this(new TestDatabase())
    {
    }

    private PostgreSqlSuite(TestDatabase database)
        : base(database) => Database = database;

    private protected TestDatabase Database { get; }
}
