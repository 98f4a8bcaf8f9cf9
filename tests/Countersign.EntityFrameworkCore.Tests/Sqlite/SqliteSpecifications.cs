using System.Globalization;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.EntityFrameworkCore.Tests.Sqlite;

public sealed class SqliteSessionTests : SessionSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override string FreshBytes => "randomblob(16)";

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteKeyTests : KeySpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteKeyRotationTests : KeyRotationSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteKeyFaultTests : KeyFaultSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteKeyRevocationTests : KeyRevocationSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteSignInAttemptTests : SignInAttemptSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

internal static class SqliteDatabaseExtensions
{
    public static void AddTo(this SqliteDatabase database, CountersignBuilder builder)
    {
        builder.Services.AddDbContext<TestContext>(options => options.UseSqlite(database.ConnectionString));
        builder.AddEntityFrameworkStores<TestContext>();
    }
}

public sealed class SqliteWriterTests : WriterSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteClientTests : ClientSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteEveryoneTests : EveryoneSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteGrowthTests : GrowthSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteCleanupTests : CleanupSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteFeedTests : FeedSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteFollowerTests : FollowerSpecification
{
    private readonly SqliteDatabase _database = new();

    protected override void AddStores(CountersignBuilder builder) => _database.AddTo(builder);

    protected override Task ExecuteAsync(string sql) => _database.ScalarAsync(sql);

    protected override async Task<long> CountRowsAsync(string table, string condition) =>
        Convert.ToInt64(await _database.ScalarAsync($"SELECT count(*) FROM {table} WHERE {condition}"), CultureInfo.InvariantCulture);

    protected override ValueTask RemoveDatabaseAsync()
    {
        _database.Remove();
        return ValueTask.CompletedTask;
    }
}
