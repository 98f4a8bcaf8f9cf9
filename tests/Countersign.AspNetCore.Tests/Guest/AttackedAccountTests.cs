using System.Globalization;
using System.Net;
using Countersign.AspNetCore.Tests.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>H-2: an hour of guesses at one account, over HTTP, by a told clock, behind a proxy that says whose requests they are.</summary>
public sealed class AttackedAccountTests
{
    private const string Wrong = "not the password";
    private const string Home = "203.0.113.1";
    private const string Abroad = "203.0.113.2";

    /// <summary>The attacker sends a guess in each of so many seconds.</summary>
    private const int Step = 4;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// Strangers have a hundred comparisons and one a minute, whether they share one network or have a thousand. The owner logs in at once in a hundred of a
    /// hundred tries, from a network that the account knows and from anywhere with an expired refresh token, and a live session changes its password.
    /// </summary>
    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(1000, 150, 160)]
    public async Task Login_AttackedForAnHour_OwnerGetsInAndStrangersAreSlowed(int networks, int atLeast, int atMost)
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        var tokens = (await LoginAsync(app, Home, GuestApp.Password)).Json;
        var refresh = tokens.GetProperty("refresh_token").GetString()!;
        var (compared, logins) = (0, 0);
        for (var second = 0; second < 3600; second += Step)
        {
            var attacker = second / Step % networks;
            var guess = await LoginAsync(app, string.Create(CultureInfo.InvariantCulture, $"10.0.{attacker / 250}.{attacker % 250}"), Wrong);
            Assert.True(guess.Code is "invalid_credentials" or "too_many_attempts", guess.Text);
            compared += guess.Code == "invalid_credentials" ? 1 : 0;
            if (second % 36 == 0)
            {
                logins++;
                Assert.Equal(200, (await LoginAsync(app, Home, GuestApp.Password)).Status);
                Assert.Equal(200, (await LoginAsync(app, Abroad, GuestApp.Password, refresh)).Status);
            }

            _time.Advance(TimeSpan.FromSeconds(Step));
        }

        var access = (await LoginAsync(app, Home, GuestApp.Password)).Json.GetProperty("access_token").GetString()!;

        // A wrong one in the session counts for the session, and the right one is accepted.
        Assert.Equal("invalid_credentials", (await ChangeAsync(app, access, Wrong)).Code);
        Assert.Equal(200, (await ChangeAsync(app, access, GuestApp.Password)).Status);
        Assert.Equal(100, logins);
        Assert.InRange(compared, atLeast, atMost);
    }

    /// <summary>
    /// What the documentation says of an owner on a new network: while the attack lasts, one comparison a minute is there for the first who asks.
    /// </summary>
    [Fact]
    public async Task Login_OwnerOnANewNetworkDuringTheAttack_GetsTheNextFreeMinute()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        for (var attacker = 0; attacker < 100; attacker++)
        {
            Assert.Equal("invalid_credentials", (await LoginAsync(app, $"10.0.0.{attacker}", Wrong)).Code);
        }

        var refused = await LoginAsync(app, Abroad, GuestApp.Password);
        Assert.Equal((429, "too_many_attempts", "60"), (refused.Status, refused.Code, refused.Header("Retry-After")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await LoginAsync(app, Abroad, GuestApp.Password)).Status);

        // The network is known from now on.
        Assert.Equal("invalid_credentials", (await LoginAsync(app, "10.0.1.1", Wrong)).Code);
        Assert.Equal(200, (await LoginAsync(app, Abroad, GuestApp.Password)).Status);
    }

    private async Task<GuestApp> StartAsync() => await GuestApp.StartAsync(new GuestSetup
    {
        Identity = static options => options.Lockout.AllowedForNewUsers = false,
        Services = services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
            services.Configure<ForwardedHeadersOptions>(static options =>
            {
                options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                options.KnownProxies.Add(IPAddress.Loopback);
            });
        },
        MapApp = static app => app.UseForwardedHeaders(),
        Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Limits:SignInsPerNetworkPerMinute"] = "1000",
            ["Auth:Sessions:MaxPerUser"] = "1000",
            ["Auth:Sessions:AccessTokenLifetime"] = "01:00:00",
            ["Auth:Limits:RefreshesPerNetworkPerMinute"] = "1000",
        },
    });

    private static Task<Reply> LoginAsync(GuestApp app, string address, string password, string? refreshToken = null) => app.SendAsync(
        "POST",
        "/api/v1/auth/login",
        new { username = "ann@example.com", password, refresh_token = refreshToken },
        headers: [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https")]);

    private static Task<Reply> ChangeAsync(GuestApp app, string access, string password) => app.SendAsync(
        "POST",
        "/api/v1/auth/change-password",
        new { current_password = password, new_password = "Another harbour, 8 herons" },
        access,
        [("X-Forwarded-For", Abroad), ("X-Forwarded-Proto", "https")]);
}
