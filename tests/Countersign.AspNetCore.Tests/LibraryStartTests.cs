using Countersign.AspNetCore.Tests.Support;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using UserContext = Countersign.AspNetCore.Tests.Support.AppContext<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests;

/// <summary>What stops the start of an app, and what is said at it: secrets, issuers, the mode, and the key file of Development.</summary>
public sealed class LibraryStartTests : IDisposable
{
    private const string Weak = "abcdefghijklmnopqrstuvwxyz123456";

    private readonly string _name = $"app {Guid.CreateVersion7():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly LogLines _log = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Production", "https://auth.example.com", false, false)]
    [InlineData("Production", null, false, false)]
    [InlineData("Production", "https://auth.example.com", true, true)]
    [InlineData("Production", "http://localhost:5000", false, true)]
    [InlineData("Staging", "https://auth.example.com", false, true)]
    [InlineData("Development", "https://auth.example.com", false, true)]
    public async Task Start_WeakSecret_StopsProductionAndWarnsElsewhere(string environment, string? issuer, bool isUnsafe, bool starts)
    {
        await using var app = await BuildAsync(environment, issuer, options =>
        {
            options.SecretKey = Weak;
            options.UnsafeWeakSecretKey = isUnsafe;
        });

        if (starts)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            Assert.Contains("in the order of the alphabet", Assert.Single(_log.Lines, static line => line.Event == 1111).Text, StringComparison.Ordinal);
            Assert.Contains("shared secret (HS256)", Assert.Single(_log.Lines, static line => line.Event == 1110).Text, StringComparison.Ordinal);
        }
        else
        {
            var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
            Assert.Contains("Auth:SecretKey", fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_log.Lines, static line => line.Text.Contains(Weak, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Production", "http://auth.example.com", false)]
    [InlineData("Production", "http://127.0.0.1:5000", true)]
    [InlineData("Development", "http://auth.example.com", true)]
    public async Task Start_PlaintextIssuer_StopsOutsideOfDevelopment(string environment, string issuer, bool starts)
    {
        await using var app = await BuildAsync(environment, issuer, static options => options.SecretKey = "Zt4vR8xQ2mK7pL1nW9yB3cF6hJ5dG0sA_uEiOqTzXwVr");

        if (starts)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
            Assert.Contains("https", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_DevelopmentKeyOpenToOthers_StopsWithTheCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using (var first = await BuildAsync("Development", null, static _ => { }))
        {
            await first.StartAsync(TestContext.Current.CancellationToken);
        }

        var file = DevelopmentMasterKey.FindFile(_name)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await using var second = await BuildAsync("Development", null, static _ => { });

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"chmod 600 '{file}'", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The folder is the user's, and has the application's name: two apps have two keys, and nothing is written beside the source.</summary>
    [Fact]
    public async Task Start_DevelopmentWithoutKey_KeepsOneInTheUsersFolder()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var app = await BuildAsync("Development", null, static _ => { });
            await app.StartAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            ["app.db", "app.db-shm", "app.db-wal"],
            Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Union(["app.db-shm", "app.db-wal"]).Order());
        Assert.Equal(Path.Combine(UserFolder.Path, "Countersign", _name, "master-key"), DevelopmentMasterKey.FindFile(_name));
        Assert.True(File.Exists(DevelopmentMasterKey.FindFile(_name)));
    }

    [Theory]
    [InlineData("../../etc", "_.._etc")]
    [InlineData("a/b:c", "a_b_c")]
    [InlineData("..", "app")]
    public void FindFile_NameThatLeadsElsewhere_StaysInTheFolder(string application, string folder) => Assert.Equal(
        Path.Combine(UserFolder.Path, "Countersign", folder, "master-key"), DevelopmentMasterKey.FindFile(application));

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Start_NoRouteIsMapped_SaysWhichCallIsMissing(bool maps, bool hasTokenEndpoint)
    {
        await using var app = await BuildAsync(
            "Development", null, static _ => { }, [new("Auth:Routes:ExchangeToken", hasTokenEndpoint ? "true" : "false")]);
        if (maps)
        {
            app.MapCountersign();
        }

        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(maps ? 0 : 1, _log.Lines.Count(static line => line.Event == 3104 && line.Text.Contains("app.MapCountersign()", StringComparison.Ordinal)));
    }

    /// <summary>Also where the routes are mapped before the start, which reads some of the options.</summary>
    [Fact]
    public async Task Start_FaultsInTwoClassesAndAMisspeltKey_AreNamedAtOnce()
    {
        Dictionary<string, string?> settings = new(StringComparer.Ordinal)
        {
            ["Auth:Sessions:MaxPerUsr"] = "5",
            ["Auth:Refresh:Grace"] = "01:00:00",
            ["Auth:Guessing:FreeAttempts"] = "5",
            ["Auth:Limits:RefreshesPerNetworkPerMinute"] = "0",
        };
        await using var app = await BuildAsync("Development", null, static _ => { }, settings);
        app.MapCountersign();

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.All(settings.Keys, key => Assert.Contains(key, fault.Message, StringComparison.Ordinal));
        Assert.Contains("Write Auth:Lockout:MaxFailedAttempts in its place", fault.Message, StringComparison.Ordinal);
    }

    private async Task<WebApplication> BuildAsync(
        string environment, string? issuer, Action<CountersignTokenOptions> configure, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = environment, ApplicationName = _name, ContentRootPath = _folder });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddDbContext<UserContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddIdentityCore<AppUser>().AddEntityFrameworkStores<UserContext>();
        builder.Services.AddCountersign<AppUser>().AddEntityFrameworkStores<UserContext>();
        builder.Services.Configure<CountersignTokenOptions>(options => options.Issuer = issuer);
        builder.Services.Configure(configure);
        var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<UserContext>().Database.EnsureCreatedAsync();
        return app;
    }
}
