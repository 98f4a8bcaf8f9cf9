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
using Microsoft.EntityFrameworkCore.Storage;
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

    /// <summary>PostgreSQL's provider uses the object of an ended transaction again. What was rolled back must not be told at a later commit.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Role_RolledBackThenAnotherTransactionOnTheSameConnection_IsNeverStale(bool isExplicit)
    {
        await using var database = PostgreSqlDatabase.Create();
        await RunAsync(Add<Whole>(database), [typeof(Whole)], async (scope, users, user, isStale) =>
        {
            var context = scope.GetRequiredService<Whole>().Database;
            await context.OpenConnectionAsync();
            await using (var rolledBack = await context.BeginTransactionAsync())
            {
                Assert.True((await users.AddToRoleAsync(user, "clerk")).Succeeded);
                if (isExplicit)
                {
                    await rolledBack.RollbackAsync();
                }
            }

            await using (var other = await context.BeginTransactionAsync())
            {
                await context.ExecuteSqlAsync($"SELECT 1");
                await other.CommitAsync();
            }

            Assert.False(isStale());
        });
    }

    /// <summary>Another context of the app opens the transaction, and commits it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Role_ChangedInTheTransactionOfAnotherContext_IsStaleAfterItsCommitAlone(bool isCommitted)
    {
        await using var database = PostgreSqlDatabase.Create();
        await RunAsync(
            services =>
            {
                Add<Whole>(database)(services);
                services.AddDbContext<Orders>(options => options.UseNpgsql(database.ConnectionString));
            },
            [typeof(Whole)],
            async (scope, users, user, isStale) =>
            {
                var (orders, accounts) = (scope.GetRequiredService<Orders>().Database, scope.GetRequiredService<Whole>().Database);
                await using (var transaction = await orders.BeginTransactionAsync())
                {
                    accounts.SetDbConnection(orders.GetDbConnection());
                    await accounts.UseTransactionAsync(transaction.GetDbTransaction());
                    Assert.True((await users.AddToRoleAsync(user, "clerk")).Succeeded);
                    Assert.False(isStale());
                    if (isCommitted)
                    {
                        await transaction.CommitAsync();
                    }
                }

                Assert.Equal(isCommitted, isStale());
            });
    }

    private static Action<IServiceCollection> Add<TContext>(PostgreSqlDatabase database)
        where TContext : DbContext => services =>
        {
            services.AddDbContext<TContext>(options => options.UseNpgsql(database.ConnectionString));
            services.AddCountersign<IdentityUser, TContext>().UsePostgreSql();
        };

    private static Task ChangeAsync<TAccounts>(Action<IServiceCollection> add, bool isAround, bool isCommitted, params Type[] contexts)
        where TAccounts : DbContext => RunAsync(add, contexts, async (scope, users, user, isStale) =>
        {
            var whole = isAround ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
            using (whole)
            {
                await using var own = isAround
                    ? null
                    : await scope.GetRequiredService<TAccounts>().Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
                Assert.True((await users.AddToRoleAsync(user, "clerk")).Succeeded);
                Assert.False(isStale());
                if (isCommitted)
                {
                    whole?.Complete();
                    await (own?.CommitAsync(TestContext.Current.CancellationToken) ?? Task.CompletedTask);
                }
            }

            // After a scope around the context, it is told in the background.
            if (isCommitted)
            {
                await Patience.UntilAsync(isStale);
            }

            Assert.Equal(isCommitted, await StoredAsync(scope));
            Assert.Equal(isCommitted, isStale());
        });

    /// <summary>Starts an app with an account, a role and a session.</summary>
    private static async Task RunAsync(
        Action<IServiceCollection> add,
        IReadOnlyList<Type> contexts,
        Func<IServiceProvider, UserManager<IdentityUser>, IdentityUser, Func<bool>, Task> test)
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

        await test(
            scope.ServiceProvider, users, user, () => !validator.TryValidate(tokens.AccessToken, out _, out var error) && error is TokenError.Stale);
    }

    private static async Task<bool> StoredAsync(IServiceProvider services)
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
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

    private sealed class Orders(DbContextOptions<Orders> options) : DbContext(options);
}
