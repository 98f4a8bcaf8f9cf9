using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Countersign.AspNetCore;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.StoreSpecification;
using Countersign.Sessions.Keys;
using Countersign.TestServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.PostgreSql.Tests;

/// <summary>What an authorised request asks of the database: nothing, and yet a change of the account counts at once.</summary>
public sealed class AuthorisedRequestTests : IAsyncLifetime
{
    private const int Requests = 50;

    private readonly ConcurrentQueue<string> _statements = new();
    private readonly ActivityListener _listener;
    private readonly HttpClient _client = new();
    private PostgreSqlDatabase _database = null!;
    private WebApplication _app = null!;
    private string _userId = null!;

    public AuthorisedRequestTests() => _listener = new ActivityListener
    {
        // Of the driver itself, under whatever asks: an activity a command.
        ShouldListenTo = static source => source.Name == "Npgsql",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStopped = Keep,
    };

    public async ValueTask InitializeAsync()
    {
        _database = PostgreSqlDatabase.Create();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Issuer"] = "https://auth.example.com",
            ["Auth:MasterKey"] = MasterKey.Create(),
        });
        builder.Services.AddDbContext<AppContext>(options => options.UseNpgsql(_database.ConnectionString));
        builder.Services.AddIdentityCore<AppUser>().AddEntityFrameworkStores<AppContext>();
        builder.Services.Configure<CountersignUserOptions<AppUser>>(static options => options.IsActive = static user => !user.IsDisabled);
        builder.Services.AddCountersign<AppUser>().AddEntityFrameworkStores<AppContext>().UsePostgreSql();
        _app = builder.Build();
        _app.MapCountersign();
        _app.MapGet("/who", static (CurrentUser user) => user.UserId);
        _app.MapGet("/account", static (CurrentUser<AppUser> user) => user.Account.Id);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppContext>().Database.EnsureCreatedAsync();
            var user = new AppUser { UserName = "ada", Email = "ada@example.com" };
            var result = await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().CreateAsync(user);
            Assert.True(result.Succeeded, result.ToString());
            _userId = user.Id;
        }

        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.First());
        var tokens = (await _app.Services.GetRequiredService<SessionService>().StartAsync(_userId, new SignInContext())).Pair();
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _client.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task CurrentUser_AuthorisedRequests_NoDatabaseCommand()
    {
        Assert.Empty(await TraceAsync("/who", 200));
        Assert.Equal(Requests, (await TraceAsync("/account", 200)).Count);
    }

    [Theory]
    [InlineData("stamp", 401, "session_revoked")]
    [InlineData("activity", 400, "account_inactive")]
    [InlineData("deleted", 401, "session_revoked")]
    public async Task CurrentUser_AccountChangedByTheAppsOwnCode_RefusedWithoutADatabaseCommand(string change, int status, string code)
    {
        Assert.Empty(await TraceAsync("/who", 200));

        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var manager = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            var user = (await manager.FindByIdAsync(_userId))!;
            user.IsDisabled = change == "activity";
            var result = change switch
            {
                "stamp" => await manager.UpdateSecurityStampAsync(user),
                "activity" => await manager.UpdateAsync(user),
                _ => await manager.DeleteAsync(user),
            };
            Assert.True(result.Succeeded, result.ToString());
        }

        Assert.Empty(await TraceAsync("/who", status));
        using var refused = await _client.GetAsync("/who");
        Assert.Equal(code, (await Answer.ReadAsync(refused)).Code);
    }

    /// <summary>
    /// What PostgreSQL is asked while requests are answered, whoever asks it; without the feed, which is read whether or not there are requests.
    /// </summary>
    private async Task<List<string>> TraceAsync(string path, int status)
    {
        _statements.Clear();
        for (var i = 0; i < Requests; i++)
        {
            using var response = await _client.GetAsync(path);
            Assert.Equal(status, (int)response.StatusCode);
        }

        return [.. _statements.Where(static statement =>
            !statement.Contains("countersign_feed_head", StringComparison.Ordinal)
            && !statement.Contains("countersign_revocations", StringComparison.Ordinal))];
    }

    private void Keep(Activity activity)
    {
        // Other tests of this process have databases of their own.
        if (activity.GetTagItem("db.namespace") is string name && name == _database.Name)
        {
            _statements.Enqueue(activity.GetTagItem("db.query.text") as string ?? activity.DisplayName);
        }
    }

    private sealed class AppUser : IdentityUser
    {
        public bool IsDisabled { get; set; }
    }

    private sealed class AppContext(DbContextOptions<AppContext> options) : IdentityDbContext<AppUser, IdentityRole, string>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}
