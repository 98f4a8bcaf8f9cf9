using Countersign.AspNetCore.Tests.Clients;
using Countersign.Sessions;
using Countersign.Sessions.Feed;
using Countersign.Tokens.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>What becomes of requests at a node that has heard of no revocation for more than ten seconds.</summary>
public sealed class StaleFeedTests
{
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task WhenStale_Refuse_GoodTokensAre503AndBadOnesStay401()
    {
        await using var server = await StartAsync(StaleFeedBehavior.Refuse);
        var login = await server.LoginAsync();
        var over = await server.LoginAsync();
        await server.Services.GetRequiredService<SessionService>().RevokeAsync(Guid.Parse(over.SessionId), RevocationReason.AccountInactive);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);

        await CutAsync(server);

        foreach (var path in new[] { "/who", "/account", "/api/v1/users/me", "/api/v1/auth/sessions" })
        {
            var refused = await server.SendAsync("GET", path, bearer: login.AccessToken);
            Assert.Equal(
                (503, "temporarily_unavailable", "", "2"),
                (refused.Status, refused.Code, refused.Header("WWW-Authenticate"), refused.Header("Retry-After")));
        }

        // What is known to be bad is said to be.
        Assert.Equal((400, "account_inactive"), StatusOf(await server.SendAsync("GET", "/who", bearer: over.AccessToken)));
        Assert.Equal((401, "token_segments_malformed"), StatusOf(await server.SendAsync("GET", "/who", bearer: "nonsense")));
        Assert.Equal((401, "credential_missing"), StatusOf(await server.SendAsync("GET", "/who")));

        // Another service that asks gets no answer either, since it would let requests in by it.
        Assert.Equal((503, "temporarily_unavailable"), StatusOf(await server.IntrospectAsync(login.AccessToken)));
        Assert.Equal(503, (await server.IntrospectAsync(login.AccessToken)).Status);
        Assert.NotEmpty(server.Services.GetRequiredService<ServiceReadiness>().FindFaults());

        await MendAsync(server);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
        Assert.Equal(200, (await server.IntrospectAsync(login.AccessToken)).Status);
    }

    [Fact]
    public async Task WhenStale_Refuse_LoginGoesOn()
    {
        await using var server = await StartAsync(StaleFeedBehavior.Refuse);
        var email = await server.RegisterAsync();
        await CutAsync(server);

        var login = await server.LoginAsync(email);

        Assert.Equal(503, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task WhenStale_Default_AcceptsByWhatIsKnownAndIsNotReady()
    {
        await using var server = await StartAsync(whenStale: null);
        var login = await server.LoginAsync();
        await CutAsync(server);

        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
        Assert.Equal(200, (await server.IntrospectAsync(login.AccessToken)).Status);
        Assert.NotEmpty(server.Services.GetRequiredService<ServiceReadiness>().FindFaults());
    }

    private static (int Status, string? Code) StatusOf(Reply reply) => (reply.Status, reply.Code);

    private static async Task MendAsync(WebServer server)
    {
        await server.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE away RENAME TO countersign_revocations"));
        var readiness = server.Services.GetRequiredService<ServiceReadiness>();
        await Patience.UntilAsync(() => readiness.FindFaults().Count == 0);
    }

    /// <summary>
    /// No read of the feed can be good any more, since a line is announced that can't be read, and the last good one is ten seconds old. All else
    /// goes on.
    /// </summary>
    private async Task CutAsync(WebServer server)
    {
        await server.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync(
            "ALTER TABLE countersign_revocations RENAME TO away; UPDATE countersign_feed_head SET seq = seq + 1"));
        _time.Shift += TimeSpan.FromSeconds(11);
    }

    private Task<WebServer> StartAsync(StaleFeedBehavior? whenStale) => ClientApp.StartAsync(builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        if (whenStale is { } chosen)
        {
            builder.Services.Configure<CountersignSessionOptions>(options => options.WhenStale = chosen);
        }
    });

    /// <summary>The machine's time with a wall clock that can be set ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
