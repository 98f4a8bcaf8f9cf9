using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>How a refresh reads an account, and the apps for which the store must be asked instead. Each with roles and without.</summary>
public sealed class AccountQueryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ActivityThatLooksAtTheOutside_SeesItAsItIsNow(bool roles)
    {
        var outside = new Outside();
        await using var app = await StartAsync(roles, services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = user => user.UserName != outside.Blocked));
        var ann = await app.CreateAsync();
        Assert.True((await app.Accounts.DescribeAsync(ann, default))!.IsActive);

        outside.Blocked = "ann";

        Assert.False((await app.Accounts.DescribeAsync(ann, default))!.IsActive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ActivityByAMethodOfTheApp_IsAsked(bool roles)
    {
        var outside = new Outside();
        await using var app = await StartAsync(roles, services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = user => outside.Allows(user)));
        var ann = await app.CreateAsync();
        Assert.True((await app.Accounts.DescribeAsync(ann, default))!.IsActive);

        outside.Blocked = "ann";

        Assert.False((await app.Accounts.DescribeAsync(ann, default))!.IsActive);
    }

    [Fact]
    public async Task DescribeAsync_IdentityOnAnotherContext_ReadsTheAccountsOwnDatabase()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-");
        try
        {
            await using var app = await TestApp<AppUser, string>.StartAsync(identity: users =>
            {
                users.Services.AddDbContext<OtherContext>(options => options.UseSqlite($"Data Source={Path.Combine(folder.FullName, "other.db")};Pooling=False"));
                users.AddRoles<IdentityRole<string>>().AddEntityFrameworkStores<OtherContext>();
            });
            await using (var scope = app.Services.CreateAsyncScope())
            {
                await scope.ServiceProvider.GetRequiredService<OtherContext>().Database.EnsureCreatedAsync();
            }

            var ann = await app.CreateAsync();

            Assert.Equal("ann@example.com", (await app.Accounts.DescribeAsync(ann, default))?.Email);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ModelWithoutAColumn_StillFindsTheAccount(bool roles)
    {
        await using var app = await StartAsync(roles, static services =>
            services.ConfigureDbContext<AppContext<AppUser, string>>(static options => options.ReplaceService<IModelCustomizer, WithoutEmail>()));
        var ann = await app.CreateAsync();

        Assert.NotNull(await app.Accounts.DescribeAsync(ann, default));
    }

    /// <summary>What Entity Framework alone can read goes through it, and what it would translate anew for each refresh does not.</summary>
    [Theory]
    [InlineData(typeof(AsMapped), 0)]
    [InlineData(typeof(ActivityAsText), 0)]
    [InlineData(typeof(AddressInAnotherForm), 2)]
    [InlineData(typeof(OthersFiltered), 2)]
    public async Task DescribeAsync_HoweverTheModelKeepsIt_IsTheSame(Type model, int statements)
    {
        await using var app = await StartAsync(roles: true, services => services.ConfigureDbContext<AppContext<AppUser, string>>(options =>
            ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(options.Options.FindExtension<CoreOptionsExtension>()!.WithReplacedService(typeof(IModelCustomizer), model))));
        var ann = await app.CreateAsync();
        var bob = await app.CreateAsync("bob@example.com", "bob");
        await app.WithUserAsync(bob, async (manager, user) =>
        {
            user.IsDisabled = true;
            return await manager.UpdateAsync(user);
        });
        await app.Accounts.DescribeAsync(ann, default);
        app.Statements.Clear();

        var described = (await app.Accounts.DescribeAsync(ann, default))!;
        int asked = app.Statements.Count;

        Assert.Equal(("ann@example.com", true), (described.Email, described.IsActive));
        Assert.False((await app.Accounts.DescribeAsync(bob, default))!.IsActive);
        Assert.Equal(statements, asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ActivityThatIsAConstant_IsThat(bool isActive)
    {
        await using var app = await StartAsync(
            roles: true,
            services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = isActive ? static _ => true : static _ => false));
        var ann = await app.CreateAsync();

        Assert.Equal(isActive, (await app.Accounts.DescribeAsync(ann, default))!.IsActive);
    }

    [Fact]
    public async Task DescribeAsync_ManyAtOnce_EachGetsItsOwn()
    {
        await using var app = await StartAsync(roles: true);
        List<string> ids = [];
        for (int i = 0; i < 20; i++)
        {
            ids.Add(await app.CreateAsync($"u{i}@example.com", $"u{i}"));
        }

        var described = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => app.Accounts.DescribeAsync(ids[i % 20], default))));

        Assert.All(described.Index(), one => Assert.Equal((ids[one.Index % 20], $"u{one.Index % 20}@example.com"), (one.Item!.UserId, one.Item.Email)));
    }

    /// <summary>After a restart all clients come at once, and a connection that each of them kept for itself would be missing from then on.</summary>
    [Fact]
    public async Task DescribeAsync_FirstTimeForManyAtOnce_KeepsAFewConnections()
    {
        int most = Math.Max(2, Environment.ProcessorCount);
        var openings = new GatheredOpenings(together: most + 20);
        await using var app = await StartAsync(roles: true, services => services.ConfigureDbContext<AppContext<AppUser, string>>(options => options.AddInterceptors(openings)));
        var ann = await app.CreateAsync();
        int before = openings.Open;
        openings.Gather();

        await Task.WhenAll(Enumerable.Range(0, most + 20).Select(_ => app.Accounts.DescribeAsync(ann, default)));

        // The feed and the writer may have opened theirs meanwhile.
        Assert.InRange(openings.Open - before, 1, most + 2);
    }

    /// <summary>As the driver's own keep-alive closes one that nobody reads on, after the database was restarted.</summary>
    [Fact]
    public async Task DescribeAsync_KeptConnectionThatWasClosedMeanwhile_ReadsOnAnother()
    {
        var openings = new GatheredOpenings(together: 0);
        await using var app = await StartAsync(roles: true, services => services.ConfigureDbContext<AppContext<AppUser, string>>(options => options.AddInterceptors(openings)));
        var ann = await app.CreateAsync();
        var before = openings.Connections.ToHashSet();
        await app.Accounts.DescribeAsync(ann, default);
        var kept = openings.Connections.Where(connection => !before.Contains(connection) && connection.State == ConnectionState.Open).ToList();
        Assert.NotEmpty(kept);
        kept.ForEach(static connection => connection.Close());

        Assert.Equal("ann@example.com", (await app.Accounts.DescribeAsync(ann, default))!.Email);
    }

    [Fact]
    public async Task DescribeAsync_ServiceThatIsOnlyDisposedAsynchronously_IsNoHindrance()
    {
        await using var app = await StartAsync(roles: true, static services => services.AddScoped<AsyncOnly>().AddScoped<IUserValidator<AppUser>, ValidatorOfTheApp>());

        Assert.NotNull(await app.Accounts.DescribeAsync(await app.CreateAsync(), default));
    }

    [Fact]
    public async Task DescribeAsync_KeysThatAreNoText_SameAccountAndNoOtherSpelling()
    {
        await using var numbers = await TestApp<NumberUser, int>.StartAsync(identity: static users => users.AddRoles<IdentityRole<int>>());
        var first = await numbers.CreateAsync();
        await using var guids = await TestApp<GuidUser, Guid>.StartAsync(identity: static users => users.AddRoles<IdentityRole<Guid>>());
        var guid = await guids.CreateAsync();

        Assert.Equal(first, (await numbers.Accounts.DescribeAsync(first, default))!.UserId);
        Assert.Equal(guid, (await guids.Accounts.DescribeAsync(guid, default))!.UserId);
        foreach (var spelling in new[] { $"0x{first}", $"0{first}", $" {first}", "x", "" })
        {
            Assert.Null(await numbers.Accounts.DescribeAsync(spelling, default));
        }

        Assert.Null(await guids.Accounts.DescribeAsync(guid.ToUpperInvariant(), default));
        Assert.Null(await guids.Accounts.DescribeAsync(guid.Replace("-", "", StringComparison.Ordinal), default));
    }

    [Fact]
    public async Task DescribeAsync_SeveralRolesAndAMovedStamp_AsTheyAreNow()
    {
        await using var app = await StartAsync(roles: true);
        var ann = await app.CreateAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var manager = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<string>>>();
            foreach (var name in new[] { "keeper", "reader" })
            {
                Assert.True((await manager.CreateAsync(new IdentityRole<string>(name) { Id = name })).Succeeded);
            }
        }

        var before = (await app.Accounts.DescribeAsync(ann, default))!;
        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.AddToRolesAsync(user, ["reader", "keeper"])).Succeeded));
        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.UpdateSecurityStampAsync(user)).Succeeded));
        var after = (await app.Accounts.DescribeAsync(ann, default))!;

        Assert.Empty(before.Roles);
        Assert.Equal(["keeper", "reader"], after.Roles.Order(StringComparer.Ordinal));
        Assert.NotEqual(before.Stamp.ToArray(), after.Stamp.ToArray());
        var stored = AccountFacts.HashStamp((await app.ReadAsync(ann))!.SecurityStamp);
        Assert.Equal(stored, after.Stamp.ToArray());
    }

    private static Task<TestApp<AppUser, string>> StartAsync(bool roles, Action<IServiceCollection>? configure = null) =>
        TestApp<AppUser, string>.StartAsync(configure, roles ? static users => users.AddRoles<IdentityRole<string>>() : null);

    private sealed class Outside
    {
        public string Blocked { get; set; } = "nobody";

        public bool Allows(AppUser user) => user.UserName != Blocked;
    }

    private sealed class OtherContext(DbContextOptions<OtherContext> options) : IdentityDbContext<AppUser, IdentityRole<string>, string>(options);

    private sealed class WithoutEmail(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity<AppUser>().Ignore(user => user.Email);
        }
    }

    /// <summary>The model as it is, and what one test changes of it.</summary>
    private class AsMapped(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            Change(modelBuilder.Entity<AppUser>());
        }

        protected virtual void Change(EntityTypeBuilder<AppUser> user)
        {
        }
    }

    /// <summary>Text that no provider would read as the truth value that it stands for.</summary>
    private sealed class ActivityAsText(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(EntityTypeBuilder<AppUser> user) =>
            user.Property(one => one.IsDisabled).HasConversion(static value => value ? "0" : "1", static value => value == "0");
    }

    private sealed class AddressInAnotherForm(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(EntityTypeBuilder<AppUser> user) =>
            user.Property(one => one.Email).HasConversion(static value => "mailto:" + value, static value => value.Substring("mailto:".Length));
    }

    private sealed class OthersFiltered(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(EntityTypeBuilder<AppUser> user) => user.HasQueryFilter(static one => one.DisplayName != "of another tenant");
    }

    /// <summary>Counts the open connections, and lets as many as it is told open together.</summary>
    private sealed class GatheredOpenings(int together) : DbConnectionInterceptor
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _gathers;
        private int _waiting;
        private int _open;

        public int Open => Volatile.Read(ref _open);

        public ConcurrentQueue<DbConnection> Connections { get; } = new();

        public void Gather() => _gathers = true;

        public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (_gathers)
            {
                if (Interlocked.Increment(ref _waiting) >= together)
                {
                    _all.TrySetResult();
                }

                await _all.Task;
            }

            return result;
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _open);
            Connections.Enqueue(connection);
            connection.StateChange -= OnStateChange;
            connection.StateChange += OnStateChange;
            return Task.CompletedTask;
        }

        private void OnStateChange(object sender, StateChangeEventArgs change)
        {
            if (change.CurrentState == ConnectionState.Closed)
            {
                Interlocked.Decrement(ref _open);
            }
        }
    }

    private sealed class AsyncOnly : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class ValidatorOfTheApp(AsyncOnly dependency) : IUserValidator<AppUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user) =>
            Task.FromResult(dependency is null ? IdentityResult.Failed() : IdentityResult.Success);
    }
}
