using System.Security.Cryptography;
using Countersign.Sessions;
using Countersign.TestServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.App.Tests;

/// <summary>What starts an app before there is a database: a migrator among the hosted services, and the tools of a developer.</summary>
public sealed class StartWithoutDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_MigratorAmongTheHostedServices_FindsItsTables(bool isFirst)
    {
        await using var app = Build(
            Settings(),
            before: services => _ = isFirst ? services.AddHostedService<Migrator>() : services,
            after: services => _ = isFirst ? services : services.AddHostedService<EarlyMigrator>());

        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(_directory.File("app.db")));
    }

    [Fact]
    public async Task Start_MigratorComesTooLate_SaysWhereItBelongs()
    {
        await using var app = Build(Settings(), after: static services => services.AddHostedService<Migrator>());

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("before AddCountersign", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>A seeder makes the first administrator before the host runs. Without the host nothing else would write to the session tables.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Seed_BeforeTheStart_ChangesAccountsAndRoles(bool hasSettings)
    {
        await using var app = Build(hasSettings ? Settings() : []);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        await Seeder.SeedAsync(app.Services).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        if (hasSettings)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            await Seeder.SeedAsync(app.Services);
        }
    }

    [Fact]
    public async Task Seed_InAHostedServiceBeforeOurs_ChangesAccountsAndRoles()
    {
        await using var app = Build(Settings(), before: static services => services.AddHostedService<Migrator>().AddHostedService<Seeder>());

        await app.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>What needs keys can't work before the start. It must say so, and not wait for ever.</summary>
    [Fact]
    public async Task StartSession_BeforeTheStart_IsRefusedInTime()
    {
        await using var app = Build(Settings());
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var user = new AppUser { UserName = "ada", Email = "ada@example.com" };
        Assert.True((await users.CreateAsync(user)).Succeeded);

        var sessions = scope.ServiceProvider.GetRequiredService<SessionService>();
        await Assert.ThrowsAsync<SessionsUnavailableException>(
            () => sessions.StartAsync(user.Id, new SignInContext(), TestContext.Current.CancellationToken));
    }

    /// <summary>What <c>dotnet ef migrations add</c> does: it builds the host, and reads the model from the context of its services.</summary>
    [Fact]
    public async Task Build_NoSettingsAndNoDatabase_HasTheModelForAMigration()
    {
        await using var app = Build([]);
        await using var scope = app.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(context);
#pragma warning disable EF1001 // The tool finds this class by reflection; a test can only name it.
        new Microsoft.EntityFrameworkCore.Sqlite.Design.Internal.SqliteDesignTimeServices().ConfigureDesignTimeServices(services);
#pragma warning restore EF1001
        await using var design = services.BuildServiceProvider();

        var migration = design.GetRequiredService<IMigrationsScaffolder>().ScaffoldMigration("First", "App");

        Assert.Contains("countersign_sessions", migration.MigrationCode, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    private static Dictionary<string, string?> Settings() => new(StringComparer.Ordinal)
    {
        ["Auth:Issuer"] = "https://auth.example.com",
        ["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
    };

    private WebApplication Build(
        Dictionary<string, string?> settings, Action<IServiceCollection>? before = null, Action<IServiceCollection>? after = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = _directory.Path });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite($"Data Source={_directory.File("app.db")}"));
        before?.Invoke(builder.Services);
        builder.Services.AddCountersign<AppUser, AppDbContext>();
        after?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class AppUser : IdentityUser;

    private sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private class Migrator(IServiceScopeFactory scopes) : IHostedService
    {
        public virtual Task StartAsync(CancellationToken cancellationToken) => MigrateAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        protected async Task MigrateAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync(cancellationToken);
        }
    }

    private sealed class Seeder(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => SeedAsync(services);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public static async Task SeedAsync(IServiceProvider services)
        {
            await using var scope = services.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
            var role = new IdentityRole("administrator");
            Succeeded(await roles.CreateAsync(role));
            var user = new AppUser { UserName = "ada", Email = "ada@example.com" };
            Succeeded(await users.CreateAsync(user));
            Succeeded(await users.AddToRoleAsync(user, "administrator"));
            role.Name = "admin";
            Succeeded(await roles.UpdateAsync(role));
            Succeeded(await users.UpdateSecurityStampAsync(user));
            Succeeded(await users.DeleteAsync(user));
            Succeeded(await roles.DeleteAsync(role));
        }

        private static void Succeeded(IdentityResult result) => Assert.True(result.Succeeded, result.ToString());
    }

    private sealed class EarlyMigrator(IServiceScopeFactory scopes) : Migrator(scopes), IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => MigrateAsync(cancellationToken);

        public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
