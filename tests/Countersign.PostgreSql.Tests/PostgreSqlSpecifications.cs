using Countersign.Sessions;
using Countersign.StoreSpecification;

namespace Countersign.PostgreSql.Tests;

public sealed class PostgreSqlSessionTests : SessionSpecification
{
    private readonly TestDatabase _database = new();

    protected override string FreshBytes => "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')";

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlKeyTests : KeySpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlKeyRotationTests : KeyRotationSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlKeyRevocationTests : KeyRevocationSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlKeyFaultTests : KeyFaultSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlSignInAttemptTests : SignInAttemptSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlWriterTests : WriterSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlClientTests : ClientSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlEveryoneTests : EveryoneSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlGrowthTests : GrowthSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}

public sealed class PostgreSqlCleanupTests : CleanupSpecification
{
    private readonly TestDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.Database.ExecuteAsync(sql);

    protected override Task<long> CountRowsAsync(string table, string condition) => _database.CountRowsAsync(table, condition);

    protected override ValueTask RemoveDatabaseAsync() => _database.DisposeAsync();
}
