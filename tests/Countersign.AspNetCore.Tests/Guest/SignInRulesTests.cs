using System.Globalization;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>
/// What the app asks of a login besides the password, ours asks too: a second factor, a lockout, a ban, a confirmation. Each test first shows what the app's
/// own sign-in manager answers.
/// </summary>
public sealed class SignInRulesTests
{
    private const string Wrong = "not the password";

    [Fact]
    public async Task Login_AccountWithASecondFactor_GetsNoTokensForThePasswordAlone()
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        await app.WithUserAsync("ann", static (manager, user) => manager.SetTwoFactorEnabledAsync(user, enabled: true));
        await app.WithUserAsync("ann", static async (manager, user) => await manager.ResetAuthenticatorKeyAsync(user));

        Assert.Equal("RequiresTwoFactor", await SignInAsync(app));
        var reply = await app.LoginAsync("ann");
        Assert.Equal((403, "mfa_required", "mfa_required"), (reply.Status, reply.Code, reply.Json.GetProperty("error").GetString()));
        Assert.Equal(0, reply.Json.GetProperty("methods").GetArrayLength());
        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann", Wrong)));
        Assert.Empty(await Sessions(app).ListAsync(ann, null, 10));
    }

    /// <summary>Both doors share one count: after two wrong passwords at each, a fifth locks both.</summary>
    [Fact]
    public async Task Lockout_GuessesAtBothDoors_ShareOneCount()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        for (var guess = 0; guess < 2; guess++)
        {
            Assert.Equal("Failed", await SignInAsync(app, Wrong));
            Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann", Wrong)));
        }

        Assert.Equal(4, await ReadAsync(app, static user => user.AccessFailedCount));
        Assert.Equal(400, (await app.LoginAsync("ann", Wrong)).Status);
        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann")));
        Assert.Equal("LockedOut", await SignInAsync(app));
    }

    [Fact]
    public async Task Lockout_LimitOfTheApp_HoldsAtOurDoor()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup { Identity = static options => options.Lockout.MaxFailedAccessAttempts = 3 });
        await app.CreateAsync("ann", "ann@example.com");
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(400, (await app.LoginAsync("ann", Wrong)).Status);
        }

        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann")));
        Assert.True(await app.WithUserAsync("ann", static (manager, user) => manager.IsLockedOutAsync(user)));
    }

    /// <summary>
    /// Wrong codes of a second factor are counted with wrong passwords: a right password alone must not set that count back for a thief who tries
    /// codes at the app's door.
    /// </summary>
    [Fact]
    public async Task Lockout_RightPasswordOfAnAccountWithASecondFactor_SetsNothingBack()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        await app.WithUserAsync("ann", static (manager, user) => manager.SetTwoFactorEnabledAsync(user, enabled: true));
        for (var code = 0; code < 4; code++)
        {
            await app.WithUserAsync("ann", static (manager, user) => manager.AccessFailedAsync(user));
        }

        Assert.Equal((403, "mfa_required"), Outcome(await app.LoginAsync("ann")));

        Assert.Equal(4, await ReadAsync(app, static user => user.AccessFailedCount));
    }

    /// <summary>Where the app locks for longer than a day after wrong passwords, that is no ban: strangers could end the sessions with it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3650)]
    public async Task Lockout_AfterWrongPasswordsForDays_TouchesNoSession(int days)
    {
        await using var app = await GuestApp.StartAsync(
            new GuestSetup { Identity = options => options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromDays(days) });
        await app.CreateAsync("ann", "ann@example.com");
        var access = (await app.LoginAsync("ann")).Json.GetProperty("access_token").GetString();
        for (var guess = 0; guess < 5; guess++)
        {
            await app.LoginAsync("ann", Wrong);
        }

        Assert.Equal("LockedOut", await SignInAsync(app));
        Assert.Equal(200, (await app.SendAsync("GET", "/api/v1/users/me", bearer: access)).Status);
        await app.WithUserAsync("ann", static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        Assert.Equal((400, "account_inactive"), Outcome(await app.SendAsync("GET", "/api/v1/users/me", bearer: access)));
    }

    /// <summary>M-10: a ban whose sessions were not ended, because the process died in between, is completed when it is saved again.</summary>
    [Fact]
    public async Task LockoutEnd_SavedAgainAfterAnInterruption_EndsTheSessions()
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        await app.LoginAsync("ann");
        await app.WithContextAsync(static context => context.Users.ExecuteUpdateAsync(
            static set => set.SetProperty(static user => user.LockoutEnd, DateTimeOffset.MaxValue)));

        await app.WithUserAsync("ann", static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));

        Assert.Empty(await Sessions(app).ListAsync(ann, null, 10));
    }

    [Fact]
    public async Task Lockout_RightPassword_SetsTheCountBack()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        for (var round = 0; round < 3; round++)
        {
            for (var guess = 0; guess < 4; guess++)
            {
                await app.LoginAsync("ann", Wrong);
            }

            Assert.Equal(200, (await app.LoginAsync("ann")).Status);
            Assert.Equal(0, await ReadAsync(app, static user => user.AccessFailedCount));
        }
    }

    /// <summary>Wrong passwords at once are all counted: the optimistic count of Identity is tried again.</summary>
    [Fact]
    public async Task Lockout_GuessesAtOnce_LockTheAccount()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");

        // What finds no place in the engine is not compared, and not counted.
        for (var compared = 0; compared < 6;)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.LoginAsync("ann", Wrong)));
            compared += replies.Count(static reply => reply.Status == 400);
        }

        Assert.True(await app.WithUserAsync("ann", static (manager, user) => manager.IsLockedOutAsync(user)));
    }

    /// <summary>An account whose lockout is switched off is never locked, by either door.</summary>
    [Fact]
    public async Task Lockout_SwitchedOffForTheAccount_IsNotCounted()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");
        await app.WithUserAsync("ann", static (manager, user) => manager.SetLockoutEnabledAsync(user, enabled: false));
        for (var guess = 0; guess < 6; guess++)
        {
            await app.LoginAsync("ann", Wrong);
        }

        Assert.Equal(200, (await app.LoginAsync("ann")).Status);
    }

    /// <summary>A lock of up to a day bars new logins and touches no session; a longer one is a ban, and ends them.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(23, false)]
    [InlineData(25, true)]
    [InlineData(1_000_000, true)]
    public async Task LockoutEnd_SavedByTheApp_EndsTheSessionsWhereItIsABan(int hours, bool isBan)
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        var tokens = (await app.LoginAsync("ann")).Json;
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);

        await app.WithUserAsync("ann", (manager, user) => manager.SetLockoutEndDateAsync(user, TimeProvider.System.GetUtcNow().AddHours(hours)));

        Assert.Equal("LockedOut", await SignInAsync(app));
        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann")));
        Assert.Equal(isBan ? (400, "account_inactive") : (200, null), Outcome(await app.SendAsync("GET", "/api/v1/users/me", bearer: access)));
        Assert.Equal(
            isBan ? (400, "account_inactive") : (200, null),
            Outcome(await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refresh })));
        Assert.Equal(isBan ? 0 : 1, (await Sessions(app).ListAsync(ann, null, 10)).Count);
        if (!isBan)
        {
            var change = await app.SendAsync(
                "POST", "/api/v1/auth/change-password", new { current_password = GuestApp.Password, new_password = "Another harbour, 8 herons" }, access);
            Assert.Equal(200, change.Status);
        }
    }

    /// <summary>A ban that was written past the user manager is first seen by a refresh, which ends the session.</summary>
    [Fact]
    public async Task LockoutEnd_WrittenBySql_EndsTheSessionAtTheNextRefresh()
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        var refresh = (await app.LoginAsync("ann")).Json.GetProperty("refresh_token").GetString();
        await app.WithContextAsync(static context => context.Users.ExecuteUpdateAsync(
            static set => set.SetProperty(static user => user.LockoutEnd, DateTimeOffset.MaxValue)));

        Assert.Equal((400, "account_inactive"), Outcome(await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refresh })));
        await app.WithContextAsync(static context => context.Users.ExecuteUpdateAsync(
            static set => set.SetProperty(static user => user.LockoutEnd, (DateTimeOffset?)null)));
        Assert.Empty(await Sessions(app).ListAsync(ann, null, 10));
        Assert.Equal(400, (await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = refresh })).Status);
    }

    [Theory]
    [InlineData("email", "email_unconfirmed")]
    [InlineData("account", "account_unconfirmed")]
    [InlineData("phone", "account_unconfirmed")]
    [InlineData("own", "account_unconfirmed")]
    public async Task Confirmation_ThatTheAppRequires_IsNamedAfterARightPasswordAlone(string required, string code)
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Identity = options =>
            {
                options.SignIn.RequireConfirmedEmail = required == "email";
                options.SignIn.RequireConfirmedPhoneNumber = required == "phone";
                options.SignIn.RequireConfirmedAccount = required is "account" or "own";
            },
            Services = services =>
            {
                if (required == "own")
                {
                    services.AddScoped<IUserConfirmation<GuestUser>, NeverConfirmed>();
                }
            },
        });
        var ann = await app.CreateAsync("ann", "ann@example.com");

        Assert.Equal("NotAllowed", await SignInAsync(app));
        var reply = await app.LoginAsync("ann");
        Assert.Equal((400, code), Outcome(reply));
        Assert.Equal("invalid_grant", reply.Json.GetProperty("error").GetString());
        Assert.Equal((400, "invalid_credentials"), Outcome(await app.LoginAsync("ann", Wrong)));
        Assert.Equal(code, (await StartAsync(app, ann))?.ToCode());

        await app.WithUserAsync("ann", static (manager, user) =>
        {
            (user.EmailConfirmed, user.PhoneNumberConfirmed) = (true, true);
            return manager.UpdateAsync(user);
        });
        Assert.Equal(required == "own" ? 400 : 200, (await app.LoginAsync("ann")).Status);
    }

    [Theory]
    [InlineData(true, Registration.Open, 1)]
    [InlineData(true, Registration.Closed, 0)]
    [InlineData(false, Registration.Open, 0)]
    public async Task Start_AccountsMustBeConfirmedAndSignUpIsOpen_SaysThatNothingConfirmsThem(bool isRequired, Registration registration, int lines)
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Identity = options => options.SignIn.RequireConfirmedEmail = isRequired,
            Countersign = options => options.Registration = registration,
        });

        Assert.Equal(lines, app.Log.Lines.Count(static line => line.Event == 3024));
    }

    /// <summary>Every other way by which an app starts a session meets the same rules.</summary>
    [Theory]
    [InlineData("plain", "fed", null)]
    [InlineData("locked", "fed", SessionStartError.AccountLocked)]
    [InlineData("banned", "fed", SessionStartError.AccountInactive)]
    [InlineData("two-factor", "fed", SessionStartError.SecondFactorRequired)]
    [InlineData("two-factor", "pwd", SessionStartError.SecondFactorRequired)]
    [InlineData("two-factor", "fed mfa", null)]
    [InlineData("two-factor", "pwd otp", null)]
    [InlineData("unknown", "fed", SessionStartError.AccountUnknown)]
    public async Task StartAsync_AccountAndMethods_AsAtALogin(string state, string methods, SessionStartError? expected)
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        await app.WithUserAsync("ann", (manager, user) => state switch
        {
            "locked" => manager.SetLockoutEndDateAsync(user, TimeProvider.System.GetUtcNow().AddHours(1)),
            "banned" => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue),
            "two-factor" => manager.SetTwoFactorEnabledAsync(user, enabled: true),
            _ => Task.FromResult(IdentityResult.Success),
        });

        Assert.Equal(expected, await StartAsync(app, state == "unknown" ? "nobody" : ann, methods.Split(' ')));
        Assert.Equal(expected is null ? 1 : 0, (await Sessions(app).ListAsync(ann, null, 10)).Count);
    }

    /// <summary>The session that follows a change of the password has shown what the one before it has shown.</summary>
    [Theory]
    [InlineData("pwd otp", 200)]
    [InlineData("pwd", 403)]
    public async Task ChangePassword_AccountWithASecondFactor_KeepsWhatTheSessionHasShown(string methods, int status)
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");
        Assert.True((await Sessions(app).StartAsync(ann, new SignInContext { Methods = methods.Split(' ') })).TryGetTokens(out var tokens, out _));
        await app.WithContextAsync(static context =>
            context.Users.ExecuteUpdateAsync(static set => set.SetProperty(static user => user.TwoFactorEnabled, true)));

        var reply = await app.SendAsync(
            "POST", "/api/v1/auth/change-password", new { current_password = GuestApp.Password, new_password = "Another harbour, 8 herons" },
            tokens.AccessToken);

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200, await app.WithUserAsync("ann", static (manager, user) => manager.CheckPasswordAsync(user, "Another harbour, 8 herons")));
        var session = Assert.Single(await Sessions(app).ListAsync(ann, null, 10));
        Assert.Equal(methods.Split(' '), session.Methods);
    }

    [Fact]
    public async Task Login_RolesThatNoTokenHolds_RefusedAndNoSessionGivesWay()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Auth:Sessions:MaxPerUser"] = "1" };
        await using var app = await GuestApp.StartAsync(new GuestSetup { Settings = settings });
        var ann = await app.CreateAsync("ann", "ann@example.com");
        var access = (await app.LoginAsync("ann")).Json.GetProperty("access_token").GetString();

        // Past UserManager: otherwise the access token is stale, and nothing but a refresh is allowed.
        await app.WithContextAsync(context =>
        {
            for (var index = 0; index < 40; index++)
            {
                var role = new IdentityRole(string.Create(CultureInfo.InvariantCulture, $"{index}{new string('r', 198)}"));
                context.Roles.Add(role);
                context.UserRoles.Add(new IdentityUserRole<string> { UserId = ann, RoleId = role.Id });
            }

            return context.SaveChangesAsync();
        });

        var reply = await app.LoginAsync("ann");
        var change = await app.SendAsync(
            "POST", "/api/v1/auth/change-password", new { current_password = GuestApp.Password, new_password = "Another harbour, 8 herons" },
            access);

        Assert.Equal((403, "token_too_large"), Outcome(reply));
        Assert.Equal((403, "token_too_large"), Outcome(change));
        Assert.True(await app.WithUserAsync("ann", static (manager, user) => manager.CheckPasswordAsync(user, GuestApp.Password)));
        Assert.Contains(app.Log.Lines, line => line.Text.Contains(ann, StringComparison.Ordinal) && line.Text.Contains("bytes", StringComparison.Ordinal));
        Assert.Null((await Sessions(app).ListAsync(ann, null, 10)).Single().State.RevokedReason);
    }

    private static SessionService Sessions(GuestApp app) => app.Services.GetRequiredService<SessionService>();

    private static async Task<SessionStartError?> StartAsync(GuestApp app, string userId, params string[] methods) =>
        (await Sessions(app).StartAsync(userId, new SignInContext { Methods = methods.Length == 0 ? ["fed"] : methods })).TryGetTokens(out _, out var error)
            ? null
            : error;

    /// <summary>What the app's own sign-in manager answers.</summary>
    private static Task<string> SignInAsync(GuestApp app, string password = GuestApp.Password) => app.WithIdentityAsync(async (manager, signIn) =>
    {
        var user = (await manager.FindByNameAsync("ann"))!;
        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        return result.Succeeded && await signIn.IsTwoFactorEnabledAsync(user) ? "RequiresTwoFactor" : result.ToString();
    });

    private static Task<TValue> ReadAsync<TValue>(GuestApp app, Func<GuestUser, TValue> read) =>
        app.WithUserAsync("ann", (_, user) => Task.FromResult(read(user)));

    private static (int Status, string? Code) Outcome(Reply reply) => (reply.Status, reply.Status == 200 ? null : reply.Code);

    private sealed class NeverConfirmed : IUserConfirmation<GuestUser>
    {
        public Task<bool> IsConfirmedAsync(UserManager<GuestUser> manager, GuestUser user) => Task.FromResult(false);
    }
}
