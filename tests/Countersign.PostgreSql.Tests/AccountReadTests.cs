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
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PostgreSqlDatabase _database = PostgreSqlDatabase.Create();
    private ServiceProvider? _provider;

    [Fact]
    public Task Read_TextKeys_EachItsOwn() => ReadsEachAsync(static i => $"user-{i}");

    [Fact]
    public Task Read_NumberKeys_EachItsOwn() => ReadsEachAsync(static i => i + 1);

    [Fact]
    public Task Read_GuidKeys_EachItsOwn() => ReadsEachAsync(static i => new Guid(i + 1, 0, 0, new byte[8]));

    /// <summary>The app's own names are taken as they stand, whatever they look like.</summary>
    [Fact]
    public async Task Read_NamesThatLookLikeAParameter_AreNames()
    {
        Assert.True(await StartAsync<OddNamesContext, string>(static user => !user.TwoFactorEnabled));
        await AddAsync(new IdentityUser<string> { Id = "ann", Email = "ann@example.com" }, new IdentityUser<string> { Id = "bob", TwoFactorEnabled = true });
        await AddAsync(new IdentityRole<string> { Id = "1", Name = "keeper" });
        await AddAsync(new IdentityUserRole<string> { UserId = "ann", RoleId = "1" });

        var rows = await ReadAsync("ann", "bob");

        Assert.Equal([true, false], rows.Select(static row => row!.IsActive));
        Assert.Equal("ann@example.com", rows[0]!.Email);
        Assert.Equal(["keeper"], rows[0]!.Roles);
    }

    /// <summary>PostgreSQL pads such a key, and would find an account by more than its id.</summary>
    [Fact]
    public async Task TryFind_KeyOfAFixedLength_False() => Assert.False(await StartAsync<FixedLengthContext, string>(static _ => true, create: false));

    /// <summary>Whoever changes the app's tables holds up refreshes, as any that reads accounts; what ends a session asks nothing of them.</summary>
    [Fact]
    public async Task Read_TableLockedByTheApp_GivenUpInTimeAndOthersGoOn()
    {
        await StartAsync<string>(static _ => true);
        await AddAsync(new IdentityUser<string> { Id = "ann" });
        await using var other = new NpgsqlConnection(_database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE \"AspNetUsers\" IN ACCESS EXCLUSIVE MODE", other, transaction);
        await command.ExecuteNonQueryAsync();

        var failure = await Assert.ThrowsAsync<PostgresException>(() => ReadAsync("ann"));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, failure.SqlState);
        await ReadAsync();
        await transaction.RollbackAsync();

        Assert.NotNull((await ReadAsync("ann")).Single());
    }

    /// <summary>As a migration of the app does it beside a running node: what is prepared does not fit any more.</summary>
    [Theory]
    [InlineData("ALTER COLUMN \"Email\" TYPE varchar(512)")]
    [InlineData("ALTER COLUMN \"PhoneNumberConfirmed\" TYPE int USING 0, ADD COLUMN \"Other\" text")]
    public async Task Read_TableChangedByTheApp_GoesOn(string change)
    {
        await StartAsync<string>(static user => user.PhoneNumber == null);
        await AddAsync(new IdentityUser<string> { Id = "ann", Email = "ann@example.com" });
        for (var i = 0; i < 10; i++)
        {
            await ReadAsync("ann");
        }

        await _database.ExecuteAsync($"ALTER TABLE \"AspNetUsers\" {change}");

        Assert.Equal("ann@example.com", (await ReadAsync("ann")).Single()!.Email);
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private async Task ReadsEachAsync<TKey>(Func<int, TKey> key)
        where TKey : IEquatable<TKey>
    {
        await StartAsync<TKey>(static user => !user.TwoFactorEnabled);
        await AddAsync([.. Enumerable.Range(0, 20).Select(i => new IdentityUser<TKey>
        {
            Id = key(i),
            Email = $"u{i}@example.com",
            SecurityStamp = $"stamp {i}",
            TwoFactorEnabled = i % 3 == 0,
            LockoutEnabled = i % 4 == 0,
            LockoutEnd = i % 2 == 0 ? Later : null,
        })]);
        await AddAsync([new IdentityRole<TKey> { Id = key(100), Name = "keeper" }, new IdentityRole<TKey> { Id = key(101), Name = "reader" }]);
        await AddAsync([.. Enumerable.Range(0, 10).Select(i => new IdentityUserRole<TKey> { UserId = key(i), RoleId = key(100) })]);
        await AddAsync(new IdentityUserRole<TKey> { UserId = key(0), RoleId = key(101) });

        // Some that are not there too.
        var rows = await ReadAsync([.. Enumerable.Range(0, 22).Select(i => (object)key(i))]);

        foreach (var (i, row) in rows.Index())
        {
            Assert.Equal(i < 20, row is not null);
            if (row is not null)
            {
                Assert.Equal((key(i), key(i).ToString()), (row.Key, row.UserId));
                Assert.Equal(($"u{i}@example.com", $"stamp {i}", i % 3 != 0), (row.Email, row.SecurityStamp, row.IsActive));
                Assert.Equal(i % 4 == 0 ? Later : null, row.LockedUntil);
                Assert.Equal(i == 0 ? ["keeper", "reader"] : i < 10 ? ["keeper"] : [], row.Roles.Order(StringComparer.Ordinal));
            }
        }
    }

    private async Task StartAsync<TKey>(Expression<Func<IdentityUser<TKey>, bool>> isActive)
        where TKey : IEquatable<TKey> =>
        Assert.True(await StartAsync<AccountsContext<TKey>, TKey>(isActive));

    private async Task<bool> StartAsync<TContext, TKey>(Expression<Func<IdentityUser<TKey>, bool>> isActive, bool create = true)
        where TContext : DbContext
        where TKey : IEquatable<TKey>
    {
        var services = new ServiceCollection();
        services.AddDbContext<TContext>(options => options.UseNpgsql(_database.ConnectionString));
        services.AddScoped<DbContext>(static provider => provider.GetRequiredService<TContext>());
        new CountersignBuilder(services, typeof(IdentityUser<TKey>)).AddEntityFrameworkStores<TContext>().UsePostgreSql();
        _provider = services.BuildServiceProvider();
        if (create)
        {
            await using var scope = _provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
        }

        return await _provider.GetRequiredService<IJoinedAccounts>().TryFindAsync(typeof(TContext), typeof(IdentityUser<TKey>), typeof(TKey), isActive);
    }

    private async Task AddAsync(params object[] rows)
    {
        await using var scope = _provider!.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<DbContext>();
        context.AddRange(rows);
        await context.SaveChangesAsync();
    }

    /// <summary>Has the writer's transaction read accounts.</summary>
    /// <returns>Their rows, in the order of the keys.</returns>
    private async Task<IReadOnlyList<AccountRow?>> ReadAsync(params object[] keys)
    {
        LoadedSessions? loaded = null;
        await _provider!.GetRequiredService<ISessionStore>().RunAsync(
            async (transaction, token) => loaded = await transaction.LoadAsync([], [], keys, TimeProvider.System.GetUtcNow(), token), CancellationToken.None);
        return [.. keys.Select(key => loaded!.AccountRows[key])];
    }

    private class AccountsContext<TKey>(DbContextOptions options) : IdentityDbContext<IdentityUser<TKey>, IdentityRole<TKey>, TKey>(options)
        where TKey : IEquatable<TKey>
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class OddNamesContext(DbContextOptions<OddNamesContext> options) : AccountsContext<string>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.HasDefaultSchema("the app");
            builder.Entity<IdentityUser<string>>().ToTable("$1 people");
            builder.Entity<IdentityUser<string>>().Property(static user => user.TwoFactorEnabled).HasColumnName("the \"@keys\" $1");
            builder.Entity<IdentityRole<string>>().Property(static role => role.Name).HasColumnName("select");
        }
    }

    private sealed class FixedLengthContext(DbContextOptions<FixedLengthContext> options) : AccountsContext<string>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.Entity<IdentityUser<string>>().Property(static user => user.Id).HasColumnType("character(36)");
        }
    }
}
