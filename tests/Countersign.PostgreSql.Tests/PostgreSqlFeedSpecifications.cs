using Countersign.Sessions;
using Countersign.StoreSpecification;

namespace Countersign.PostgreSql.Tests;

public sealed class PostgreSqlFeedTests : FeedSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlFollowerTests : FollowerSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}
