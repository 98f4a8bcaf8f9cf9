using System.Text.Json;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>An initial password may be used until an instant, and the person changes it before.</summary>
public sealed class InitialPasswordTests
{
    private const string NewPassword = "Another harbour, 8 herons";

    private static DateTimeOffset Past => TimeProvider.System.GetUtcNow().AddSeconds(-1);

    private static DateTimeOffset InAnHour => TimeProvider.System.GetUtcNow().AddHours(1);

    [Fact]
    public async Task Login_AfterTheInstant_IsNamedAfterARightPasswordAlone()
    {
        await using var app = await StartAsync();
        var ann = await CreateAsync(app, Past);

        var right = await app.LoginAsync("ann");
        Assert.Equal((400, "password_expired", "invalid_grant"), (right.Status, right.Code, right.Json.GetProperty("error").GetString()));
        Assert.Equal("invalid_credentials", (await app.LoginAsync("ann", "not the password")).Code);
        Assert.Empty(await Sessions(app).ListAsync(ann, null, 10));
    }

    [Theory]
    [InlineData("pwd", SessionStartError.PasswordExpired)]
    [InlineData("pwd otp", SessionStartError.PasswordExpired)]
    [InlineData("fed", null)]
    public async Task StartAsync_AfterTheInstant_BarsLoginsWithThePasswordAlone(string methods, SessionStartError? expected)
    {
        await using var app = await StartAsync();
        var ann = await CreateAsync(app, Past);

        Assert.Equal(expected is null, (await Sessions(app).StartAsync(ann, Context(methods))).TryGetTokens(out _, out var error));
        Assert.Equal(expected, error);
    }

    /// <summary>Neither the absolute nor the idle limit of the session is later than the instant, nor is a token of it; a refresh moves none of them.</summary>
    [Fact]
    public async Task Session_OfAnInitialPassword_EndsWithIt()
    {
        await using var app = await StartAsync();
        var until = InAnHour;
        var ann = await CreateAsync(app, until);

        var tokens = (await app.LoginAsync("ann")).Json;
        await AssertEndsAsync(app, ann, until);
        var refreshed = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = tokens.GetProperty("refresh_token").GetString() });
        Assert.Equal(200, refreshed.Status);
        await AssertEndsAsync(app, ann, until);

        await app.WithContextAsync(context => SetInstantAsync(context, TimeProvider.System.GetUtcNow().AddSeconds(90)));
        Assert.InRange((await app.LoginAsync("ann")).Json.GetProperty("expires_in").GetInt32(), 1, 90);
    }

    [Fact]
    public async Task Session_OfAnotherLogin_LivesAsLongAsAny()
    {
        await using var app = await StartAsync();
        var ann = await CreateAsync(app, InAnHour);

        Assert.True((await Sessions(app).StartAsync(ann, Context("fed"))).TryGetTokens(out var tokens, out _));

        Assert.True(tokens.Session.ExpiresAt > InAnHour.AddDays(1));
    }

    /// <summary>A session that lives longer than the instant can still change the password: the person has logged in by other means.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChangePassword_ByOurRoute_IsThePersonsOwnForGood(bool hasExpired)
    {
        await using var app = await StartAsync();
        var ann = await CreateAsync(app, hasExpired ? Past : InAnHour);
        Assert.True((await Sessions(app).StartAsync(ann, Context("fed"))).TryGetTokens(out var tokens, out _));

        var change = await app.SendAsync(
            "POST", "/api/v1/auth/change-password", new { current_password = GuestApp.Password, new_password = NewPassword }, tokens.AccessToken);

        Assert.Equal(200, change.Status);
        Assert.Null(await InstantAsync(app));
        var login = await app.LoginAsync("ann", NewPassword);
        Assert.Equal(200, login.Status);
        Assert.All(await Sessions(app).ListAsync(ann, null, 10), static session => Assert.True(session.ExpiresAt > InAnHour.AddDays(1)));
    }

    [Fact]
    public async Task ChangePassword_InTheSessionOfTheInitialPassword_StartsAFullSession()
    {
        await using var app = await StartAsync();
        var ann = await CreateAsync(app, InAnHour);
        var access = (await app.LoginAsync("ann")).Json.GetProperty("access_token").GetString();

        var change = await app.SendAsync(
            "POST", "/api/v1/auth/change-password", new { current_password = GuestApp.Password, new_password = NewPassword },
            access);

        Assert.Equal(200, change.Status);
        Assert.True(Assert.Single(await Sessions(app).ListAsync(ann, null, 10)).ExpiresAt > InAnHour.AddDays(1));
    }

    [Theory]
    [InlineData("change")]
    [InlineData("reset")]
    [InlineData("remove and add")]
    public async Task UserManager_ChangeOfThePassword_ClearsTheInstant(string way)
    {
        await using var app = await StartAsync();
        await CreateAsync(app, Past);

        Assert.True(await app.WithUserAsync("ann", async (manager, user) => (await ChangeAsync(manager, user, way)).Succeeded));

        Assert.Null(await InstantAsync(app));
        Assert.Equal(200, (await app.LoginAsync("ann", NewPassword)).Status);
    }

    /// <summary>An operator's page that hands out another initial password sets the instant and the password as one change, or in steps.</summary>
    [Theory]
    [InlineData("change")]
    [InlineData("reset")]
    [InlineData("remove and add")]
    public async Task UserManager_InstantSetWithThePassword_Stays(string way)
    {
        await using var app = await StartAsync();
        await CreateAsync(app, Past);
        var until = InAnHour;

        Assert.True(await app.WithUserAsync("ann", async (manager, user) =>
        {
            user.PasswordExpiresAt = until;
            return (await ChangeAsync(manager, user, way)).Succeeded;
        }));

        Assert.Equal(until, await InstantAsync(app));
    }

    [Fact]
    public async Task UserManager_FirstPasswordOfAnAccountWithAnInstant_KeepsIt()
    {
        await using var app = await StartAsync();
        await app.WithManagerAsync(static manager => manager.CreateAsync(new GuestUser { UserName = "ann", PasswordExpiresAt = Past }));

        await app.WithUserAsync("ann", static (manager, user) => manager.AddPasswordAsync(user, GuestApp.Password));

        Assert.Equal("password_expired", (await app.LoginAsync("ann")).Code);
    }

    /// <summary>What is no change of the password leaves the instant: another hash of the same one, another stamp, another property.</summary>
    [Theory]
    [InlineData("login")]
    [InlineData("check")]
    [InlineData("stamp")]
    [InlineData("email")]
    public async Task Instant_PasswordStaysTheSame_Stays(string way)
    {
        await using var app = await StartAsync();
        var until = InAnHour;
        await CreateAsync(app, until);
        var old = new PasswordHasher<GuestUser>().HashPassword(new GuestUser(), GuestApp.Password);
        await app.WithContextAsync(context => context.Users.ExecuteUpdateAsync(set => set.SetProperty(static user => user.PasswordHash, old)));

        if (way == "login")
        {
            Assert.Equal(200, (await app.LoginAsync("ann")).Status);
        }
        else
        {
            Assert.True(await app.WithUserAsync("ann", async (manager, user) => way switch
            {
                "check" => await manager.CheckPasswordAsync(user, GuestApp.Password),
                "stamp" => (await manager.UpdateSecurityStampAsync(user)).Succeeded,
                _ => (await manager.SetEmailAsync(user, "ann@example.org")).Succeeded,
            }));
        }

        var isReplaced = !string.Equals(
            old, await app.WithUserAsync("ann", static (_, user) => Task.FromResult(user.PasswordHash)), StringComparison.Ordinal);
        Assert.Equal(way is "login" or "check", isReplaced);
        Assert.Equal(until, await InstantAsync(app));
    }

    /// <summary>An app that names no such property hands out no initial passwords.</summary>
    [Fact]
    public async Task Login_OptionNotSet_AsksNothing()
    {
        await using var app = await GuestApp.StartAsync();
        await CreateAsync(app, Past);

        Assert.Equal(200, (await app.LoginAsync("ann")).Status);
    }

    private static Task<GuestApp> StartAsync() => GuestApp.StartAsync(new GuestSetup
    {
        Services = static services =>
            services.Configure<CountersignUserOptions<GuestUser>>(static options => options.PasswordExpiresAt = static user => user.PasswordExpiresAt),
    });

    private static Task<string> CreateAsync(GuestApp app, DateTimeOffset until) => app.WithManagerAsync(async manager =>
    {
        var user = new GuestUser { UserName = "ann", Email = "ann@example.com", PasswordExpiresAt = until };
        var result = await manager.CreateAsync(user, GuestApp.Password);
        Assert.True(result.Succeeded, result.ToString());
        return user.Id;
    });

    private static async Task<IdentityResult> ChangeAsync(UserManager<GuestUser> manager, GuestUser user, string way)
    {
        switch (way)
        {
            case "change":
                return await manager.ChangePasswordAsync(user, GuestApp.Password, NewPassword);
            case "reset":
                return await manager.ResetPasswordAsync(user, await manager.GeneratePasswordResetTokenAsync(user), NewPassword);
            default:
                Assert.True((await manager.RemovePasswordAsync(user)).Succeeded);
                return await manager.AddPasswordAsync(user, NewPassword);
        }
    }

    private static async Task AssertEndsAsync(GuestApp app, string userId, DateTimeOffset until)
    {
        var session = Assert.Single(await Sessions(app).ListAsync(userId, null, 10));
        Assert.InRange(session.ExpiresAt, until.AddSeconds(-1), until);
        Assert.InRange(session.State.IdleExpiresAt, until.AddSeconds(-1), until);
    }

    private static Task<int> SetInstantAsync(GuestContext context, DateTimeOffset until) =>
        context.Users.ExecuteUpdateAsync(set => set.SetProperty(static user => user.PasswordExpiresAt, until));

    private static Task<DateTimeOffset?> InstantAsync(GuestApp app) => app.WithUserAsync("ann", static (_, user) => Task.FromResult(user.PasswordExpiresAt));

    private static SignInContext Context(string methods) => new() { Methods = methods.Split(' ') };

    private static SessionService Sessions(GuestApp app) => app.Services.GetRequiredService<SessionService>();
}
