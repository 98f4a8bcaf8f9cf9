using System.Security.Cryptography;
using System.Transactions;
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

namespace Countersign.App.Tests;

/// <summary>A role changes in a transaction of the app: on PostgreSQL, around the context, and on another context than that of the sessions.</summary>
public sealed class OtherTransactionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Role_ChangedOnPostgreSql_IsStaleAfterTheCommitAlone(bool isAround, bool isCommitted)
    {
        await using var database = PostgreSqlDatabase.Create();
        await ChangeAsync<Whole>(
            services =>
            {
                services.AddDbContext<Whole>(options => options.UseNpgsql(database.ConnectionString));
                services.AddCountersign<IdentityUser, Whole>().UsePostgreSql();
            },
            isAround,
            isCommitted,
            typeof(Whole));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Role_ChangedOnAnotherContextThanTheSessions_IsStaleAfterTheCommitAlone(bool isCommitted) => await ChangeAsync<Accounts>(
        services =>
        {
            services.AddDbContext<Accounts>(options => options.UseSqlite($"Data Source={_directory.File("accounts.db")}"));
            services.AddDbContext<SessionsOnly>(options => options.UseSqlite($"Data Source={_directory.File("sessions.db")}"));
            services.AddIdentityCore<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<Accounts>();
            services.AddCountersign<IdentityUser>().AddEntityFrameworkStores<SessionsOnly>();
        },
        isAround: false,
        isCommitted,
        typeof(Accounts),
        typeof(SessionsOnly));

    private static async Task ChangeAsync<TAccounts>(Action<IServiceCollection> add, bool isAround, bool isCommitted, params Type[] contexts)
        where TAccounts : DbContext
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Auth:Issuer"] = "https://auth.example.com";
        builder.Configuration["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        add(builder.Services);
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        foreach (var context in contexts)
        {
            await ((DbContext)scope.ServiceProvider.GetRequiredService(context)).Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = new IdentityUser { UserName = "ada", Email = "ada@example.com" };
        Assert.True((await users.CreateAsync(user)).Succeeded);
        Assert.True((await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("clerk"))).Succeeded);
        var started = await app.Services.GetRequiredService<SessionService>()
            .StartAsync(user.Id, new SignInContext(), TestContext.Current.CancellationToken);
        Assert.True(started.TryGetTokens(out var tokens, out _));
        var validator = app.Services.GetRequiredService<TokenValidator>();

        var whole = isAround ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
        using (whole)
        {
            await using var own = isAround
                ? null
                : await scope.ServiceProvider.GetRequiredService<TAccounts>().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            Assert.True((await users.AddToRoleAsync(user, "clerk")).Succeeded);
            Assert.True(validator.TryValidate(tokens.AccessToken, out _, out _));
            if (isCommitted)
            {
                whole?.Complete();
                await (own?.CommitAsync(TestContext.Current.CancellationToken) ?? Task.CompletedTask);
            }
        }

        // After a scope around the context, it is told in the background.
        if (isCommitted)
        {
            await Patience.UntilAsync(() => !validator.TryValidate(tokens.AccessToken, out _, out var error) && error is TokenError.Stale);
        }

        Assert.Equal(isCommitted, await StoredAsync(app.Services));
        Assert.Equal(!isCommitted, validator.TryValidate(tokens.AccessToken, out _, out _));
    }

    private static async Task<bool> StoredAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        return await users.IsInRoleAsync((await users.FindByNameAsync("ada"))!, "clerk");
    }

    private sealed class Whole(DbContextOptions<Whole> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder) => base.OnModelCreating(builder.UseCountersign());
    }

    private sealed class Accounts(DbContextOptions<Accounts> options) : IdentityDbContext<IdentityUser>(options);

    private sealed class SessionsOnly(DbContextOptions<SessionsOnly> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
    }
}
