using System.Security.Claims;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Countersign.TestServer;
using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.App.Tests;

public sealed class CountersignAppServiceCollectionExtensionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task AddCountersign_OnSqlite_StartsSessionsWithTheAccountsRoles()
    {
        await using var app = await StartAsync(options => options.UseSqlite($"Data Source={_directory.File("app.db")}"), static _ => { });

        Assert.Equal(["editor"], await LogInAsync(app));
    }

    [Fact]
    public async Task AddCountersign_UsePostgreSql_KeepsTheSessionsThere()
    {
        await using var database = PostgreSqlDatabase.Create();
        await using (var app = await StartAsync(options => options.UseNpgsql(database.ConnectionString), static builder => builder.UsePostgreSql()))
        {
            Assert.Equal(["editor"], await LogInAsync(app));
        }

        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM countersign_sessions"));
    }

    [Fact]
    public async Task AddCountersign_PostgreSqlWithoutTheCall_StopsWithTheCallThatIsMissing()
    {
        await using var database = PostgreSqlDatabase.Create();

        var fault = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(options => options.UseNpgsql(database.ConnectionString), static _ => { }));

        Assert.Contains("UsePostgreSql()", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UsePostgreSql_NoContextIsKnown_SaysWhichCallIsMissing() => Assert.Contains(
        "AddCountersign<TUser, TContext>()",
        Assert.Throws<InvalidOperationException>(static () => new ServiceCollection().AddCountersign<IdentityUser>().UsePostgreSql()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void AddCountersign_SecondUserType_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddCountersign<IdentityUser>();

        var fault = Assert.Throws<InvalidOperationException>(() => services.AddCountersign<OtherUser>());

        Assert.Contains(nameof(OtherUser), fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The configuration is read first, then the code; a part that is configured by its own type is the tree's.</summary>
    [Fact]
    public void AddCountersign_SettingsInCode_AreOneTree()
    {
        var services = new ServiceCollection();
        services.AddCountersign<IdentityUser>(static options =>
        {
            options.Issuer = "https://auth.example.com";
            options.Sessions.IdleLifetime = TimeSpan.FromDays(3);
        });
        services.Configure<CountersignSessionOptions>(static options => options.MaxPerUser = 7);
        services.Configure<CountersignOptions>(static options => options.Passwords.Cost = 11);
        services.Configure<CountersignOptions<IdentityUser>>(static options => options.ClientId = "app");
        services.PostConfigure<CountersignOptions<IdentityUser>>(static options => options.Lockout.MaxFailedAttempts = 5);
        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<CountersignOptions>>().Value);
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            ["Auth:MasterKey"] = Convert.ToBase64String(Enumerable.Range(1, 32).Select(static number => (byte)number).ToArray()),
            ["Auth:Sessions:IdleLifetime"] = "1.00:00:00",
            ["Auth:Sessions:AbsoluteLifetime"] = "5.00:00:00",
        });
        services.AddLogging();
        using var provider = services.BuildServiceProvider();

        var tree = provider.GetRequiredService<IOptions<CountersignOptions>>().Value;

        Assert.Equal("https://auth.example.com", tree.Issuer);
        Assert.Equal((TimeSpan.FromDays(3), TimeSpan.FromDays(5)), (tree.Sessions.IdleLifetime, tree.Sessions.AbsoluteLifetime));
        Assert.Same(tree, provider.GetRequiredService<CountersignOptions>());
        Assert.Same(tree, provider.GetRequiredService<IOptions<CountersignOptions<IdentityUser>>>().Value);
        Assert.Equal(("app", 5), (tree.ClientId, tree.Lockout.MaxFailedAttempts));
        Assert.Same(tree.Sessions, provider.GetRequiredService<IOptions<CountersignSessionOptions>>().Value);
        Assert.Same(tree.Sessions, provider.GetRequiredService<IOptionsMonitor<CountersignSessionOptions>>().CurrentValue);
        Assert.Equal((7, 11), (tree.Sessions.MaxPerUser, tree.Passwords.Cost));
    }

    [Fact]
    public async Task AddCountersign_ValidatorOfTheApp_StopsTheStart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<AppContext>(options => options.UseSqlite($"Data Source={_directory.File("app.db")}"));
        builder.Services.AddCountersign<IdentityUser, AppContext>();
        builder.Services.AddOptions<CountersignOptions<IdentityUser>>().Validate(static options => options.Sessions.MaxPerUser < 10, "At most nine sessions.");
        await using var app = builder.Build();

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("At most nine sessions.", fault.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An app that has set Identity up keeps its claims factory and its role manager.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddCountersign_AppHasIdentityOfItsOwn_LeavesItAlone(bool before)
    {
        var services = new ServiceCollection();
        if (before)
        {
            AddIdentity(services);
        }

        services.AddCountersign<IdentityUser, AppContext>();
        if (!before)
        {
            AddIdentity(services);
        }

        Assert.Equal(typeof(OwnFactory), LastOf(typeof(IUserClaimsPrincipalFactory<IdentityUser>)));
        Assert.Equal(typeof(OwnRoleManager), LastOf(typeof(RoleManager<IdentityRole>)));
        Assert.Single(services, static service => service.ServiceType == typeof(IUserStore<IdentityUser>));

        Type? LastOf(Type type) => services.Last(service => service.ServiceType == type).ImplementationType;

        static void AddIdentity(IServiceCollection services) => services.AddIdentityCore<IdentityUser>()
            .AddRoles<IdentityRole>()
            .AddRoleManager<OwnRoleManager>()
            .AddClaimsPrincipalFactory<OwnFactory>()
            .AddEntityFrameworkStores<AppContext>();
    }

    private static async Task<WebApplication> StartAsync(Action<DbContextOptionsBuilder> database, Action<CountersignBuilder> stores)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Environment.EnvironmentName = "Staging";
        builder.Services.AddDbContext<AppContext>(database);
        stores(builder.Services.AddCountersign<IdentityUser, AppContext>(static options =>
            options.MasterKey = Convert.ToBase64String(Enumerable.Range(1, 32).Select(static number => (byte)number).ToArray())));
        var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppContext>().Database.EnsureCreatedAsync();
        }

        await app.StartAsync();
        return app;
    }

    private static async Task<IReadOnlyList<string>> LogInAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        var user = new IdentityUser("ada") { Email = "ada@example.com" };
        Assert.True((await roles.CreateAsync(new IdentityRole("editor"))).Succeeded);
        Assert.True((await users.CreateAsync(user)).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, "editor")).Succeeded);

        var started = await app.Services.GetRequiredService<SessionService>().StartAsync(user.Id, new SignInContext { Methods = ["fed"] });

        Assert.True(started.TryGetTokens(out var tokens, out var error), $"{error}");
        Assert.True(app.Services.GetRequiredService<TokenValidator>().TryValidate(tokens.AccessToken, out var token, out var fault), $"{fault}");
        return token.Roles;
    }

    private sealed class OtherUser : IdentityUser;

    private sealed class AppContext(DbContextOptions<AppContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class OwnFactory : IUserClaimsPrincipalFactory<IdentityUser>
    {
        public Task<ClaimsPrincipal> CreateAsync(IdentityUser user) => Task.FromResult(new ClaimsPrincipal());
    }

    private sealed class OwnRoleManager(
        IRoleStore<IdentityRole> store,
        IEnumerable<IRoleValidator<IdentityRole>> validators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        ILogger<RoleManager<IdentityRole>> logger) : RoleManager<IdentityRole>(store, validators, normalizer, errors, logger);
}
