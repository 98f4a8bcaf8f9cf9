using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Testing.Tests;

public sealed class SqliteTestDatabaseTests
{
    [Fact]
    public async Task Dispose_UsedDatabase_LeavesNothing()
    {
        var database = new SqliteTestDatabase();
        var file = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        await using (var connection = new SqliteConnection(database.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(file));
        database.Dispose();
        database.Dispose();

        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    /// <summary>An app whose migrations are applied outside of it, on a host of the test.</summary>
    [Fact]
    public async Task CreateTables_AppThatMakesNone_Starts()
    {
        using var database = new SqliteTestDatabase();
        using var host = new HostBuilder().UseEnvironment("Testing").ConfigureWebHost(web => web
            .UseKestrel(static options => options.Listen(System.Net.IPAddress.Loopback, 0))
            .UseCountersignTesting(static options => options.CreateTables<AppDbContext>())
            .ConfigureLogging(static logging => logging.ClearProviders())
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddDbContext<AppDbContext>(options => options.UseSqlite(database.ConnectionString));
                services.AddCountersign<IdentityUser, AppDbContext>();
            })
            .Configure(static app =>
            {
                app.UseRouting();
                app.UseAuthorization();
                app.UseEndpoints(static endpoints => endpoints.MapCountersign());
            })).Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        using var client = new HttpClient();
        Assert.NotEmpty((await client.AuthenticateAsync(host.Services, "ada@example.com", "admin")).AccessToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>If the call slips into the app itself, it must not weaken it.</summary>
    [Fact]
    public void UseCountersignTesting_Production_IsRefused()
    {
        var host = new HostBuilder().UseEnvironment("Production")
            .ConfigureWebHost(static web => web.UseKestrel().UseCountersignTesting().Configure(static _ => { }));

        var fault = Assert.Throws<InvalidOperationException>(host.Build);

        Assert.Contains("It is for tests", fault.Message, StringComparison.Ordinal);
    }

    private sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}
