using System.Security.Cryptography;
using Countersign.Server.Accounts;
using Countersign.Server.Tests.Database;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Http;

/// <summary>Two server processes on one database: nothing else is shared but the master key, and what each is configured with.</summary>
public abstract class TwoNodes : RunningServer
{
    private readonly TemporaryDirectory _otherDirectory = new();
    private ServerProcess? _other;
    private IHost? _app;

    /// <summary>What both are configured with, beyond the common settings.</summary>
    protected static (string Name, string Value)[] Common { get; } =
    [
        ("Auth__Issuer", "https://auth.example.com"),
        ("Auth__MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _other = await ServerProcess.StartAsync(_otherDirectory.Path, OtherEnvironment());
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is { } app)
        {
            await app.StopAsync();
            await ((IAsyncDisposable)app).DisposeAsync();
        }

        if (_other is { } other)
        {
            await using (other)
            {
                var (exitCode, _) = await other.StopAsync();
                Assert.Equal(0, exitCode);
            }
        }

        _otherDirectory.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A client of the other node's, for whoever's tokens.</summary>
    internal ApiClient OtherClient() => new(_other!.Address);

    /// <summary>Works as an application's own page does that changes accounts: at a third node, in this process, which serves nobody.</summary>
    internal async Task<TResult> WithUserManagerAsync<TResult>(Func<UserManager<CountersignUser>, Task<TResult>> work)
    {
        if (_app is null)
        {
            _app = ServerDatabase.CreateHost(_otherDirectory.Path, OtherEnvironment());
            await _app.StartAsync();
        }

        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<UserManager<CountersignUser>>());
    }

    /// <summary>As the other, with the roles.</summary>
    internal async Task<TResult> WithRolesAsync<TResult>(Func<UserManager<CountersignUser>, RoleManager<IdentityRole<Guid>>, Task<TResult>> work)
    {
        await WithUserManagerAsync(static _ => Task.FromResult(true));
        await using var scope = _app!.Services.CreateAsyncScope();
        return await work(
            scope.ServiceProvider.GetRequiredService<UserManager<CountersignUser>>(),
            scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>());
    }

    /// <summary>What the other node is configured with.</summary>
    protected virtual IReadOnlyDictionary<string, string> OtherEnvironment() => Environment;
}

/// <summary>Two nodes on one SQLite file of one machine.</summary>
public sealed class SqliteTwoNodes : TwoNodes
{
    protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(Common);

    protected override IReadOnlyDictionary<string, string> OtherEnvironment() => Settings([.. Common, ("Auth__DataDirectory", DataDirectory)]);
}

/// <summary>Two nodes on one PostgreSQL database.</summary>
public sealed class PostgreSqlTwoNodes : TwoNodes
{
    private PostgreSqlDatabase? _database;
    private IReadOnlyDictionary<string, string>? _environment;

    protected override IReadOnlyDictionary<string, string> Environment =>
        _environment ??= Settings([.. Common, ("ConnectionStrings__Countersign", _database!.ConnectionString)]);

    /// <summary>Entity Framework asks an empty database for its history before it makes the table.</summary>
    protected override bool IsExpectedFailure(string line) => line.Contains("__EFMigrationsHistory", StringComparison.Ordinal);

    public override async ValueTask InitializeAsync()
    {
        if (TestPostgreSql.IsAvailable)
        {
            _database = PostgreSqlDatabase.Create();
            await base.InitializeAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }
}
