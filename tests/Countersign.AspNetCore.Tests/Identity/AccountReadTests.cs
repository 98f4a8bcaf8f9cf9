using System.Linq.Expressions;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>How a refresh reads an account, and the apps for which the store must be asked instead. Each with roles and without.</summary>
public sealed class AccountReadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ActivityThatLooksAtTheOutside_SeesItAsItIsNow(bool roles)
    {
        var outside = new Outside();
        await using var app = await StartAsync(
            roles,
            services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = user => user.UserName != outside.Blocked));
        var ann = await app.CreateAsync();
        Assert.True((await app.DescribeAsync(ann))!.IsActive);

        outside.Blocked = "ann";

        Assert.False((await app.DescribeAsync(ann))!.IsActive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DescribeAsync_ActivityByAMethodOfTheApp_IsAsked(bool roles)
    {
        var outside = new Outside();
        await using var app = await StartAsync(
            roles,
            services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = user => outside.Allows(user)));
        var ann = await app.CreateAsync();
        Assert.True((await app.DescribeAsync(ann))!.IsActive);

        outside.Blocked = "ann";

        Assert.False((await app.DescribeAsync(ann))!.IsActive);
    }

    [Fact]
    public async Task DescribeAsync_IdentityOnAnotherContext_ReadsTheAccountsOwnDatabase()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-");
        try
        {
            await using var app = await TestApp<AppUser, string>.StartAsync(identity: users =>
            {
                users.Services.AddDbContext<OtherContext>(options =>
                    options.UseSqlite($"Data Source={Path.Combine(folder.FullName, "other.db")};Pooling=False"));
                users.AddRoles<IdentityRole<string>>().AddEntityFrameworkStores<OtherContext>();
            });
            await using (var scope = app.Services.CreateAsyncScope())
            {
                await scope.ServiceProvider.GetRequiredService<OtherContext>().Database.EnsureCreatedAsync();
            }

            var ann = await app.CreateAsync();

            Assert.Equal("ann@example.com", (await app.DescribeAsync(ann))?.Email);
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

        Assert.NotNull(await app.DescribeAsync(ann));
    }

    /// <summary>What Entity Framework alone can read goes through it; all else is read by the writer's transaction.</summary>
    [Theory]
    [InlineData(typeof(AsMapped), true)]
    [InlineData(typeof(OtherNames), true)]
    [InlineData(typeof(ActivityAsText), false)]
    [InlineData(typeof(AddressInAnotherForm), false)]
    [InlineData(typeof(OthersFiltered), false)]
    [InlineData(typeof(RolesFiltered), false)]
    [InlineData(typeof(OfTwoKinds), false)]
    [InlineData(typeof(InTwoTables), false)]
    public async Task DescribeAsync_HoweverTheModelKeepsIt_IsTheSame(Type model, bool canJoin)
    {
        await using var app = await StartAsync(roles: true, services => services.ConfigureDbContext<AppContext<AppUser, string>>(options =>
            ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(
                options.Options.FindExtension<CoreOptionsExtension>()!.WithReplacedService(typeof(IModelCustomizer), model))));
        var ann = await app.CreateAsync();
        var bob = await app.CreateAsync("bob@example.com", "bob");
        await app.WithUserAsync(bob, async (manager, user) =>
        {
            user.IsDisabled = true;
            return await manager.UpdateAsync(user);
        });

        var described = (await app.DescribeAsync(ann))!;

        Assert.Equal(("ann@example.com", true), (described.Email, described.IsActive));
        Assert.False((await app.DescribeAsync(bob))!.IsActive);
        Assert.Equal(canJoin, await app.Accounts.FindJoinedAsync(ann, default) is not null);
    }

    public static TheoryData<int> Looks => new(Enumerable.Range(0, LooksAtColumns.Length));

    /// <summary>The database means by each what the app means.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task DescribeAsync_LooksAtColumns_IsWhatTheAppSaysOfTheAccount(int look)
    {
        var isActive = LooksAtColumns[look];
        await using var app = await StartAsync(
            roles: true, services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.IsActive = isActive));
        var ann = await app.CreateAsync();
        var bob = await app.CreateAsync("bob@example.com", "bob");
        await app.WithUserAsync(bob, static async (manager, user) =>
        {
            (user.IsDisabled, user.DisplayName, user.LockoutEnd) = (true, "Bob", DateTimeOffset.UnixEpoch);
            return await manager.UpdateAsync(user);
        });

        // Together with the others, both values of each look meet both of another.
        var carol = await app.CreateAsync("carol@example.com", "carol");
        await app.WithUserAsync(carol, static async (manager, user) =>
        {
            user.DisplayName = "Carol";
            return await manager.UpdateAsync(user);
        });

        foreach (var id in new[] { ann, bob, carol })
        {
            Assert.Equal(isActive.Compile()((await app.ReadAsync(id))!), (await app.DescribeAsync(id))!.IsActive);
            Assert.NotNull(await app.Accounts.FindJoinedAsync(id, default));
        }
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

        Assert.Equal(isActive, (await app.DescribeAsync(ann))!.IsActive);
    }

    [Fact]
    public async Task FindJoinedAsync_ManyInOneTransaction_EachGetsItsOwn()
    {
        await using var app = await StartAsync(roles: true);
        List<string> ids = [];
        for (int i = 0; i < 20; i++)
        {
            ids.Add(await app.CreateAsync($"u{i}@example.com", $"u{i}"));
        }

        var reads = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => app.BeginReadAsync(ids[i % 20])));
        var nobody = await app.BeginReadAsync("nobody");
        Assert.Throws<InvalidOperationException>(() => reads[0].FactsIn(new Dictionary<object, AccountRow?>()));
        app.Statements.Clear();
        var facts = await app.JoinAsync([.. reads, nobody]);

        Assert.All(facts.SkipLast(1).Index(), one => Assert.Equal((ids[one.Index % 20], $"u{one.Index % 20}@example.com"), (one.Item!.UserId, one.Item.Email)));
        Assert.Null(facts[^1]);
        Assert.Empty(app.Statements); // of Entity Framework
    }

    /// <summary>The transaction may be tried again, and what was read before the rows were locked anew is of no use then.</summary>
    [Fact]
    public async Task FindJoinedAsync_ReadTwice_TheLastAnswerCounts()
    {
        await using var app = await StartAsync(roles: true);
        var ann = await app.CreateAsync();
        var read = await app.BeginReadAsync(ann);
        Assert.True((await app.JoinAsync(read)).Single()!.IsActive);

        await app.WithUserAsync(ann, static (manager, user) => manager.DeleteAsync(user));

        Assert.Null((await app.JoinAsync(read)).Single());
    }

    [Fact]
    public async Task RefreshAsync_AccountReadInTheTransaction_AsksNothingElseOfEntityFramework()
    {
        await using var app = await StartAsync(roles: true);
        var tokens = await app.StartAsync(await app.CreateAsync());
        Assert.True((await app.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var next, out _));
        app.Statements.Clear();

        Assert.True((await app.Sessions.RefreshAsync(next.RefreshToken)).Succeeded);

        Assert.Empty(app.Statements);
    }

    [Fact]
    public async Task DescribeAsync_ServiceThatIsOnlyDisposedAsynchronously_IsNoHindrance()
    {
        await using var app = await StartAsync(
            roles: true,
            static services => services.AddScoped<AsyncOnly>().AddScoped<IUserValidator<AppUser>, ValidatorOfTheApp>());

        Assert.NotNull(await app.DescribeAsync(await app.CreateAsync()));
    }

    [Fact]
    public async Task DescribeAsync_KeysThatAreNoText_SameAccountAndNoOtherSpelling()
    {
        await using var numbers = await TestApp<NumberUser, int>.StartAsync(identity: static users => users.AddRoles<IdentityRole<int>>());
        var first = await numbers.CreateAsync();
        await using var guids = await TestApp<GuidUser, Guid>.StartAsync(identity: static users => users.AddRoles<IdentityRole<Guid>>());
        var guid = await guids.CreateAsync();

        Assert.Equal(first, (await numbers.DescribeAsync(first))!.UserId);
        Assert.Equal(guid, (await guids.DescribeAsync(guid))!.UserId);
        foreach (var spelling in new[] { $"0x{first}", $"0{first}", $" {first}", "x", "" })
        {
            Assert.Null(await numbers.DescribeAsync(spelling));
        }

        Assert.Null(await guids.DescribeAsync(guid.ToUpperInvariant()));
        Assert.Null(await guids.DescribeAsync(guid.Replace("-", "", StringComparison.Ordinal)));
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

        var before = (await app.DescribeAsync(ann))!;
        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.AddToRolesAsync(user, ["reader", "keeper"])).Succeeded));
        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.UpdateSecurityStampAsync(user)).Succeeded));
        var after = (await app.DescribeAsync(ann))!;

        Assert.Empty(before.Roles);
        Assert.Equal(["keeper", "reader"], after.Roles.Order(StringComparer.Ordinal));
        Assert.NotEqual(before.Stamp.ToArray(), after.Stamp.ToArray());
        var stored = AccountFacts.HashStamp((await app.ReadAsync(ann))!.SecurityStamp);
        Assert.Equal(stored, after.Stamp.ToArray());
    }

    private static Task<TestApp<AppUser, string>> StartAsync(bool roles, Action<IServiceCollection>? configure = null) =>
        TestApp<AppUser, string>.StartAsync(configure, roles ? static users => users.AddRoles<IdentityRole<string>>() : null);

    private static readonly Expression<Func<AppUser, bool>>[] LooksAtColumns =
    [
        user => user.IsDisabled,
        user => !user.IsDisabled,
        user => user.IsDisabled == false,
        user => user.IsDisabled != false,
        user => user.DisplayName == null,
        user => user.DisplayName != null,
        user => user.LockoutEnd == null,
        user => user.LockoutEnd.HasValue,
        user => !user.LockoutEnd.HasValue,
        user => !(user.LockoutEnd != null),
        user => !user.IsDisabled && user.DisplayName == null,
        user => user.IsDisabled || user.DisplayName == null,
        user => !(user.IsDisabled || user.DisplayName != null),
        user => !(!user.IsDisabled && user.DisplayName != null) && (user.LockoutEnd == null || user.IsDisabled),
    ];

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
            Change(modelBuilder);
            Change(modelBuilder.Entity<AppUser>());
        }

        protected virtual void Change(ModelBuilder model)
        {
        }

        protected virtual void Change(EntityTypeBuilder<AppUser> user)
        {
        }
    }

    /// <summary>Names as a convention for lower case gives them, and one that must be quoted well.</summary>
    private sealed class OtherNames(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(ModelBuilder model)
        {
            model.Entity<AppUser>().ToTable("the \"people\" of @key");
            model.Entity<IdentityUserRole<string>>().ToTable("people_roles");
            model.Entity<IdentityRole<string>>().ToTable("order");
            foreach (var type in new[] { typeof(AppUser), typeof(IdentityUserRole<string>), typeof(IdentityRole<string>) })
            {
                foreach (var property in model.Entity(type).Metadata.GetProperties())
                {
                    property.SetColumnName($"the_{property.Name.ToLowerInvariant()}");
                }
            }
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

    private sealed class RolesFiltered(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(ModelBuilder model) =>
            model.Entity<IdentityRole<string>>().HasQueryFilter(static role => role.Name != "of another tenant");
    }

    private sealed class OfTwoKinds(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(ModelBuilder model) => model.Entity<Robot>();
    }

    private sealed class Robot : AppUser;

    private sealed class InTwoTables(ModelCustomizerDependencies dependencies) : AsMapped(dependencies)
    {
        protected override void Change(EntityTypeBuilder<AppUser> user) => user.SplitToTable("Addresses", static table => table.Property(one => one.Email));
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
