using System.Globalization;
using System.Linq.Expressions;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.TestServer;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Countersign.PostgreSql.Tests;

/// <summary>Accounts that are read by the writer's transaction, from Identity's tables in the same database.</summary>
public sealed class AccountReadTests : IAsyncDisposable
{
    private readonly PostgreSqlDatabase _database = PostgreSqlDatabase.Create();
    private ServiceProvider? _provider;

    [Fact]
    public Task Read_TextKeys_EachItsOwn() => ReadsEachAsync(static i => $"user-{i}");

    [Fact]
    public Task Read_NumberKeys_EachItsOwn() => ReadsEachAsync(static i => i + 1);

    [Fact]
    public Task Read_GuidKeys_EachItsOwn() => ReadsEachAsync(static i => new Guid(i + 1, 0, 0, new byte[8]));

    /// <summary>The statement's parameter is known by its name, which nothing else in it may be taken for.</summary>
    [Fact]
    public async Task Read_ActivityThatLooksLikeAParameter_IsAskedAsItStands()
    {
        var query = await StartAsync<string>(static user => user.PhoneNumber != "@keys" && user.PhoneNumber != "$1" && user.PhoneNumber != "@p @__keys_0");
        await AddAsync(new IdentityUser<string> { Id = "ann", PhoneNumber = "@keys" }, new IdentityUser<string> { Id = "bob", PhoneNumber = "1" });
        AccountRead[] reads = [Read(query, "ann"), Read(query, "bob")];

        await JoinAsync(reads);

        Assert.Equal([false, true], reads.Select(static read => read.Facts!.IsActive));
    }

    /// <summary>Whoever changes the app's tables holds up refreshes, as any that reads accounts; what ends a session asks nothing of them.</summary>
    [Fact]
    public async Task Read_TableLockedByTheApp_GivenUpInTimeAndOthersGoOn()
    {
        var query = await StartAsync<string>(static _ => true);
        await AddAsync(new IdentityUser<string> { Id = "ann" });
        await using var other = new NpgsqlConnection(_database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE \"AspNetUsers\" IN ACCESS EXCLUSIVE MODE", other, transaction);
        await command.ExecuteNonQueryAsync();

        var failure = await Assert.ThrowsAsync<PostgresException>(() => JoinAsync(Read(query, "ann")));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, failure.SqlState);
        await JoinAsync();
        await transaction.RollbackAsync();
        var read = Read(query, "ann");
        await JoinAsync(read);

        Assert.NotNull(read.Facts);
    }

    /// <summary>As a migration of the app does it beside a running node: what is prepared does not fit any more.</summary>
    [Theory]
    [InlineData("ALTER COLUMN \"Email\" TYPE varchar(512)")]
    [InlineData("ALTER COLUMN \"PhoneNumberConfirmed\" TYPE int USING 0, ADD COLUMN \"Other\" text")]
    public async Task Read_TableChangedByTheApp_GoesOn(string change)
    {
        var query = await StartAsync<string>(static user => user.PhoneNumber != "1");
        await AddAsync(new IdentityUser<string> { Id = "ann", Email = "ann@example.com" });
        for (var i = 0; i < 10; i++)
        {
            await JoinAsync(Read(query, "ann"));
        }

        await _database.ExecuteAsync($"ALTER TABLE \"AspNetUsers\" {change}");
        var read = Read(query, "ann");
        await JoinAsync(read);

        Assert.Equal("ann@example.com", read.Facts!.Email);
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static AccountRead Read(IAccountQuery query, object key) => new(
        query,
        key,
        Convert.ToString(key, CultureInfo.InvariantCulture)!,
        static (row, userId) => new AccountFacts
        {
            UserId = userId,
            IsActive = row.IsActive,
            Stamp = AccountFacts.HashStamp(row.SecurityStamp),
            Email = row.Email,
            Roles = [.. row.Roles.OfType<string>()],
        });

    private async Task ReadsEachAsync<TKey>(Func<int, TKey> key)
        where TKey : IEquatable<TKey>
    {
        var query = await StartAsync<TKey>(static user => !user.TwoFactorEnabled);
        await AddAsync([.. Enumerable.Range(0, 20).Select(i => new IdentityUser<TKey> { Id = key(i), Email = $"u{i}@example.com", SecurityStamp = $"stamp {i}", TwoFactorEnabled = i % 3 == 0 })]);
        await AddAsync([new IdentityRole<TKey> { Id = key(100), Name = "keeper" }, new IdentityRole<TKey> { Id = key(101), Name = "reader" }]);
        await AddAsync([.. Enumerable.Range(0, 10).Select(i => new IdentityUserRole<TKey> { UserId = key(i), RoleId = key(100) })]);
        await AddAsync(new IdentityUserRole<TKey> { UserId = key(0), RoleId = key(101) });

        // Some twice, as two tabs of one person ask, and some that are not there.
        var asked = Enumerable.Range(0, 20).Concat(Enumerable.Range(0, 5)).Concat([20, 21]).ToList();
        var reads = asked.ConvertAll(i => Read(query, key(i)));
        await JoinAsync([.. reads]);

        foreach (var (i, facts) in asked.Zip(reads.Select(static read => read.Facts)))
        {
            Assert.Equal(i < 20, facts is not null);
            if (facts is not null)
            {
                Assert.Equal(($"u{i}@example.com", i % 3 != 0), (facts.Email, facts.IsActive));
                Assert.Equal(AccountFacts.HashStamp($"stamp {i}"), facts.Stamp.ToArray());
                Assert.Equal(i == 0 ? ["keeper", "reader"] : i < 10 ? ["keeper"] : [], facts.Roles.Order(StringComparer.Ordinal));
            }
        }
    }

    private async Task<IAccountQuery> StartAsync<TKey>(Expression<Func<IdentityUser<TKey>, bool>> isActive)
        where TKey : IEquatable<TKey>
    {
        var services = new ServiceCollection();
        services.AddDbContext<AccountsContext<TKey>>(options => options.UseNpgsql(_database.ConnectionString));
        services.AddScoped<DbContext>(static provider => provider.GetRequiredService<AccountsContext<TKey>>());
        new CountersignBuilder(services, typeof(IdentityUser<TKey>)).AddPostgreSqlStores<AccountsContext<TKey>>();
        _provider = services.BuildServiceProvider();
        await using var scope = _provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
        var query = await _provider.GetRequiredService<IAccountQueries>().FindAsync(typeof(AccountsContext<TKey>), typeof(IdentityUser<TKey>), typeof(TKey), isActive);
        Assert.True(query!.CanJoin);
        return query;
    }

    private async Task AddAsync(params object[] rows)
    {
        await using var scope = _provider!.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<DbContext>();
        context.AddRange(rows);
        await context.SaveChangesAsync();
    }

    private Task JoinAsync(params AccountRead[] reads) => _provider!.GetRequiredService<ISessionStore>().RunAsync(
        (transaction, token) => ((IJoinedSessionTransaction)transaction).LoadAsync([], [], reads, TimeProvider.System.GetUtcNow(), token), CancellationToken.None);

    private sealed class AccountsContext<TKey>(DbContextOptions<AccountsContext<TKey>> options) : IdentityDbContext<IdentityUser<TKey>, IdentityRole<TKey>, TKey>(options)
        where TKey : IEquatable<TKey>
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}
