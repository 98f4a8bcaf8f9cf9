using Countersign.TestServer;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.App.Tests;

/// <summary>A call that the app forgot, or a database that can't keep sessions: one exception at start, and its message says what to do.</summary>
public sealed class ForgottenCallTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public Task Start_NoStores_NamesAddEntityFrameworkStores() => RefusedAsync<InvalidOperationException>(
        services =>
        {
            services.AddDbContext<WithTables>(UseSqlite);
            services.AddIdentityCore<IdentityUser>().AddEntityFrameworkStores<WithTables>();
            services.AddCountersign<IdentityUser>();
        },
        "AddEntityFrameworkStores is missing");

    [Fact]
    public Task Start_NoStoresOfIdentity_NamesThem() => RefusedAsync<InvalidOperationException>(
        services =>
        {
            services.AddDbContext<WithTables>(UseSqlite);
            services.AddCountersign<IdentityUser>().AddEntityFrameworkStores<WithTables>();
        },
        "AddIdentityCore<IdentityUser>().AddEntityFrameworkStores<TContext>()",
        typeof(WithTables));

    /// <summary>Roles that are added afterwards are not seen, and the option would do nothing.</summary>
    [Fact]
    public Task Start_RoleClaimsWithoutRoles_NamesAddRoles() => RefusedAsync<InvalidOperationException>(
        services =>
        {
            services.AddDbContext<WithTables>(UseSqlite);
            services.AddIdentityCore<IdentityUser>().AddEntityFrameworkStores<WithTables>();
            services.AddCountersign<IdentityUser>(static options => options.Claims.RoleClaims = true).AddEntityFrameworkStores<WithTables>();
        },
        "Auth:Claims:RoleClaims is on, but there is no RoleManager. Call AddRoles before AddCountersign",
        typeof(WithTables));

    [Fact]
    public Task Start_NoTablesInTheModel_NamesUseCountersign() => RefusedAsync<InvalidOperationException>(
        services =>
        {
            services.AddDbContext<WithoutTables>(UseSqlite);
            services.AddCountersign<IdentityUser, WithoutTables>();
        },
        "modelBuilder.UseCountersign()");

    /// <summary>What <c>UseSqlite(configuration.GetConnectionString("Wrong"))</c> gives.</summary>
    [Fact]
    public Task Start_NoConnectionString_SaysSo() => RefusedAsync<InvalidOperationException>(
        services =>
        {
            services.AddDbContext<WithTables>(static options => options.UseSqlite(connectionString: null));
            services.AddCountersign<IdentityUser, WithTables>();
        },
        "connection string is missing");

    [Fact]
    public Task Start_NoContext_NamesAddDbContext() => RefusedAsync<OptionsValidationException>(
        static services => services.AddCountersign<IdentityUser, WithTables>(), "AddDbContext<WithTables>");

    [Fact]
    public async Task Start_PostgreSqlWithoutTheCall_NamesUsePostgreSql()
    {
        await using var database = PostgreSqlDatabase.Create();
        await RefusedAsync<NotSupportedException>(
            services =>
            {
                services.AddDbContext<WithTables>(options => options.UseNpgsql(database.ConnectionString));
                services.AddCountersign<IdentityUser, WithTables>();
            },
            "call UsePostgreSql()");
    }

    [Fact]
    public Task Start_UsePostgreSqlOnSqlite_SaysSo() => RefusedAsync<NotSupportedException>(
        services =>
        {
            services.AddDbContext<WithTables>(UseSqlite);
            services.AddCountersign<IdentityUser, WithTables>().UsePostgreSql();
        },
        "Remove the call of UsePostgreSql()");

    [Fact]
    public Task Start_EntityFrameworkInMemory_SaysWhatTestsUse() => RefusedAsync<NotSupportedException>(
        static services =>
        {
            services.AddDbContext<WithTables>(static options => options.UseInMemoryDatabase("app"));
            services.AddCountersign<IdentityUser, WithTables>();
        },
        "SqliteTestDatabase");

    [Fact]
    public Task Start_SqlServer_NamesTheSecondContext() => RefusedAsync<NotSupportedException>(
        static services =>
        {
            services.AddDbContext<WithTables>(static options => options.UseSqlServer("Server=127.0.0.1,1;Database=app"));
            services.AddCountersign<IdentityUser, WithTables>();
        },
        "second context on PostgreSQL or SQLite");

    [Fact]
    public async Task Start_SqliteInMemory_SaysWhatTestsUse()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        await RefusedAsync<InvalidOperationException>(
            services =>
            {
                services.AddDbContext<WithTables>(options => options.UseSqlite(connection));
                services.AddCountersign<IdentityUser, WithTables>();
            },
            "SqliteTestDatabase",
            typeof(WithTables));
    }

    private void UseSqlite(DbContextOptionsBuilder options) => options.UseSqlite($"Data Source={_directory.File("app.db")}");

    private static async Task RefusedAsync<TException>(Action<IServiceCollection> add, string said, params Type[] contexts)
        where TException : Exception
    {
        await using var app = new ModelApp<IdentityUser>(add, contexts);

        var fault = await Assert.ThrowsAsync<TException>(app.StartAsync);

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private sealed class WithTables(DbContextOptions<WithTables> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class WithoutTables(DbContextOptions<WithoutTables> options) : IdentityDbContext<IdentityUser>(options);
}
