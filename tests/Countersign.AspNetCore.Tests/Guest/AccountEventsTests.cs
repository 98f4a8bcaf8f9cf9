using System.Data.Common;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The app's own part in sign-up, login and deletion.</summary>
public sealed class AccountEventsTests
{
    private const string Email = "ann@example.com";
    private const int FailedBefore = 3030;
    private const int FailedAfterwards = 3031;
    private const int Refused = 3032;

    private readonly EventScript _script = new();

    [Fact]
    public async Task Events_SignUpLoginAndDeletion_RunInTheirOrder()
    {
        await using var app = await StartAsync();
        Assert.Equal(201, (await app.RegisterAsync(Email)).Status);
        var login = await app.LoginAsync(Email);
        Assert.Equal(200, login.Status);
        Assert.Equal(204, (await DeleteAsync(app, login.Json.GetProperty("access_token").GetString()!)).Status);

        Assert.Equal(
            [
                $"registering {Email}", "later registering", $"registered {Email}",
                $"signing in {Email} pwd", $"signed in {Email}", "later signed in",
                $"deleted {Email}",
            ],
            _script.Calls);
    }

    [Fact]
    public async Task RegisteringAsync_SetsPropertiesAndAddsRows_TheyAreSavedWithTheAccount()
    {
        _script.Registering = static (user, _, context) =>
        {
            user.Company = "Harbour Ltd";
            context.Roles.Add(new IdentityRole("made at sign-up"));
            return null;
        };
        await using var app = await StartAsync();

        Assert.Equal(201, (await app.RegisterAsync(Email)).Status);

        Assert.Equal("Harbour Ltd", await app.WithUserAsync(Email, static (_, user) => Task.FromResult(user.Company)));
        Assert.Equal(1, await RolesAsync(app));

        // The address has an account by now, so nothing of the second sign-up is saved.
        Assert.Equal("email_taken", (await app.RegisterAsync(Email)).Code);
        Assert.Equal(1, await RolesAsync(app));
    }

    [Fact]
    public async Task RegisteringAsync_TheDatabaseRefusesARowOfTheApp_NothingIsSaved()
    {
        _script.Registering = static (user, _, context) =>
        {
            context.Roles.Add(new IdentityRole("made at sign-up"));
            context.UserClaims.Add(new IdentityUserClaim<string> { UserId = "nobody", ClaimType = "a", ClaimValue = "b" });
            return null;
        };
        await using var app = await StartAsync();

        Assert.Equal((500, "internal_error"), Answer(await app.RegisterAsync(Email)));

        Assert.Equal((0, 0), (await UsersAsync(app), await RolesAsync(app)));
    }

    [Fact]
    public async Task RegisteringAsync_Refuses_Is403InTheAppsWordsAndNothingIsSaved()
    {
        _script.Registering = static (_, _, context) =>
        {
            context.Roles.Add(new IdentityRole("made at sign-up"));
            return new AccountRefusal("robot_suspected", "Prove that you are no robot");
        };
        await using var app = await StartAsync();

        var reply = await app.RegisterAsync(Email);

        Assert.Equal((403, "application/problem+json"), (reply.Status, reply.MediaType));
        Assert.Equal(
            """{"type":"about:blank","title":"Forbidden","status":403,"detail":"Prove that you are no robot","code":"robot_suspected","""
            + "\"error\":\"access_denied\",\"error_description\":\"Prove that you are no robot\"}",
            reply.Text);
        Assert.Equal((0, 0), (await UsersAsync(app), await RolesAsync(app)));
        Assert.Equal([$"registering {Email}"], _script.Calls);
        Assert.Contains(app.Log.Lines, static line => line.Event == Refused && line.Text.Contains("robot_suspected", StringComparison.Ordinal));
    }

    /// <summary>A robot that is turned away must not find out who has an account.</summary>
    [Fact]
    public async Task RegisteringAsync_RefusesAnAddressWithAnAccount_GivesTheSameAnswer()
    {
        _script.Registering = static (_, _, _) => new AccountRefusal("robot_suspected", "Prove that you are no robot");
        await using var app = await StartAsync();
        await app.CreateAsync("ann", Email);

        var taken = await app.RegisterAsync(Email);
        var free = await app.RegisterAsync("new@example.com");

        Assert.Equal((403, free.Text), (taken.Status, taken.Text));
    }

    [Fact]
    public async Task RegisteringAsync_PasswordIsRefused_DoesNotRun()
    {
        await using var app = await StartAsync();

        Assert.Equal("password_refused", (await app.RegisterAsync(Email, "short")).Code);

        Assert.Empty(_script.Calls);
    }

    [Fact]
    public async Task Refusal_WordsBeyondAscii_StandInDetailAlone()
    {
        _script.Registering = static (_, _, _) => new AccountRefusal("nur_mit_einladung", "Nur für Gäste mit \"Einladung\"");
        await using var app = await StartAsync();

        var reply = await app.RegisterAsync(Email);

        Assert.Equal("type title status detail code error", reply.Members);
        Assert.Equal("Nur für Gäste mit \"Einladung\"", reply.Json.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RegisteringAsync_Throws_Is500AndNothingIsSaved(bool asDatabase)
    {
        _script.Registering = (_, _, context) =>
        {
            context.Roles.Add(new IdentityRole("made at sign-up"));
            throw Failure(asDatabase);
        };
        await using var app = await StartAsync();

        var reply = await app.RegisterAsync(Email);

        Assert.Equal((500, "internal_error", ""), (reply.Status, reply.Code, reply.Header("Retry-After")));
        Assert.DoesNotContain("a secret of the app", reply.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await UsersAsync(app), await RolesAsync(app)));
        AssertLogged(app, FailedBefore, "RegisteringAsync");
    }

    [Fact]
    public async Task RegisteredAsync_GivesARole_TheAnswerHasIt()
    {
        _script.Registered = static async (user, services) =>
        {
            await services.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("member"));
            Assert.True((await services.GetRequiredService<UserManager<GuestUser>>().AddToRoleAsync(user, "member")).Succeeded);
        };
        await using var app = await StartAsync();

        Assert.Equal("""["member"]""", (await app.RegisterAsync(Email)).Json.GetProperty("roles").GetRawText());
    }

    [Fact]
    public async Task AfterEvents_EachThrows_TheAnswersStay()
    {
        _script.Registered = static (_, _) => throw Failure(asDatabase: true);
        _script.SignedIn = static (_, _) => throw Failure(asDatabase: false);
        _script.Deleted = static _ => throw Failure(asDatabase: true);
        await using var app = await StartAsync();

        Assert.Equal(201, (await app.RegisterAsync(Email)).Status);
        AssertLogged(app, FailedAfterwards, "RegisteredAsync");
        var login = await app.LoginAsync(Email);
        Assert.Equal(200, login.Status);
        AssertLogged(app, FailedAfterwards, "SignedInAsync");
        Assert.Contains("later signed in", _script.Calls);
        Assert.Equal(204, (await DeleteAsync(app, login.Json.GetProperty("access_token").GetString()!)).Status);
        AssertLogged(app, FailedAfterwards, "DeletedAsync");
        Assert.Equal(0, await UsersAsync(app));
    }

    [Fact]
    public async Task SigningInAsync_Refuses_Is403AndNoSessionStarts()
    {
        _script.SigningIn = static (_, _) => new AccountRefusal("trial_over", "Your trial has ended");
        await using var app = await StartAsync();
        var id = await app.CreateAsync("ann", Email);

        var reply = await app.LoginAsync("ann");

        Assert.Equal((403, "trial_over"), Answer(reply));
        Assert.Equal("access_denied", reply.Error);
        Assert.Equal(0, await SessionsAsync(app));
        Assert.Equal([$"signing in {Email} pwd"], _script.Calls);

        // A login of the app's own is asked in the same way.
        var started = await app.Services.GetRequiredService<SessionService>().StartAsync(id, new SignInContext { Methods = ["fed"] });
        Assert.False(started.TryGetTokens(out _, out var error));
        Assert.Equal((SessionStartError.Refused, "trial_over"), (error.Value, started.Refusal!.Code));
        Assert.Equal("sign_in_refused", error.Value.ToCode());
        Assert.Equal(0, await SessionsAsync(app));
        Assert.Equal($"signing in {Email} fed", _script.Calls.Last());
    }

    [Fact]
    public async Task SigningInAsync_PasswordIsWrongOrAccountIsLocked_DoesNotRun()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ann", Email);

        Assert.Equal("invalid_credentials", (await app.LoginAsync("ann", "Another quiet harbour, 8")).Code);
        await app.WithUserAsync("ann", static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        Assert.Equal("invalid_credentials", (await app.LoginAsync("ann")).Code);

        Assert.Empty(_script.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SigningInAsync_Throws_Is500AndNoSessionStarts(bool asDatabase)
    {
        _script.SigningIn = (_, _) => throw Failure(asDatabase);
        await using var app = await StartAsync();
        var id = await app.CreateAsync("ann", Email);

        var reply = await app.LoginAsync("ann");

        Assert.Equal((500, "internal_error", ""), (reply.Status, reply.Code, reply.Header("Retry-After")));
        AssertLogged(app, FailedBefore, "SigningInAsync");
        var thrown = await Assert.ThrowsAsync<AccountEventException>(
            () => app.Services.GetRequiredService<SessionService>().StartAsync(id, new SignInContext()));
        Assert.IsType(Failure(asDatabase).GetType(), thrown.InnerException);
        Assert.Equal(0, await SessionsAsync(app));
    }

    /// <summary>Neither is a login, and after a change of the password the user must not stand without a session.</summary>
    [Fact]
    public async Task SigningInAsync_RefreshAndChangeOfThePassword_DoesNotRun()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ann", Email);
        var login = (await app.LoginAsync("ann")).Json;
        _script.Calls.Clear();
        _script.SigningIn = static (_, _) => new AccountRefusal("trial_over", "Your trial has ended");

        var refresh = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.GetProperty("refresh_token").GetString() });
        Assert.Equal(200, refresh.Status);
        var change = new { current_password = GuestApp.Password, new_password = "Another quiet harbour, 8" };
        var bearer = refresh.Json.GetProperty("access_token").GetString();
        Assert.Equal(200, (await app.SendAsync("POST", "/api/v1/auth/change-password", change, bearer)).Status);

        Assert.Empty(_script.Calls);
    }

    [Fact]
    public async Task SignedInAsync_Session_IsTheOneThatWasStarted()
    {
        Session? seen = null;
        _script.SignedIn = (_, session) =>
        {
            seen = session;
            return Task.CompletedTask;
        };
        await using var app = await StartAsync();
        var id = await app.CreateAsync("ann", Email);

        var started = await app.Services.GetRequiredService<SessionService>().StartAsync(id, new SignInContext { Methods = ["fed"] });

        Assert.True(started.TryGetTokens(out var tokens, out _));
        Assert.Equal((tokens.Session.Id, id), (seen!.Id, seen.UserId));
    }

    [Fact]
    public async Task DeletedAsync_AppDeletesByTheUserManager_RunsOnce()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ann", Email);

        await app.WithUserAsync("ann", static (manager, user) => manager.DeleteAsync(user));

        Assert.Equal([$"deleted {Email}"], _script.Calls);
    }

    [Fact]
    public async Task DeletedAsync_AppHasAManagerOfItsOwn_RunsOnceToo()
    {
        await using var app = await StartAsync(static services => services.AddScoped<UserManager<GuestUser>, OwnManager>());
        Assert.Equal(201, (await app.RegisterAsync(Email)).Status);
        var login = await app.LoginAsync(Email);
        _script.Calls.Clear();

        Assert.Equal(204, (await DeleteAsync(app, login.Json.GetProperty("access_token").GetString()!)).Status);

        Assert.Equal([$"deleted {Email}"], _script.Calls);
    }

    /// <summary>The app may wait for another service: the session begins after that, and the wait is not the database's.</summary>
    [Fact]
    public async Task SigningInAsync_TakesAMinute_TheSessionBeginsAfterIt()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        Session? seen = null;
        _script.SigningIn = (_, _) =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return null;
        };
        _script.SignedIn = (_, session) =>
        {
            seen = session;
            return Task.CompletedTask;
        };
        await using var app = await StartAsync(services => services.AddSingleton<TimeProvider>(time));
        await app.CreateAsync("ann", Email);

        Assert.Equal(200, (await app.LoginAsync("ann")).Status);

        Assert.Equal(time.GetUtcNow(), seen!.CreatedAt);
    }

    [Fact]
    public async Task Events_TheirConstructorThrows_Is500AndTheLogSaysSo()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Countersign = static options => options.Registration = Registration.Open,
            Builder = static builder => builder.AddAccountEvents<GuestEvents>(),   // EventScript is not registered
        });

        Assert.Equal((500, "internal_error"), Answer(await app.RegisterAsync(Email)));

        Assert.Contains(app.Log.Lines, static line => line.Event == FailedBefore && line.Text.Contains("EventScript", StringComparison.Ordinal));
        Assert.Equal(0, await UsersAsync(app));
    }

    [Fact]
    public void AddAccountEvents_ForAnotherUserType_IsRefused()
    {
        var builder = new ServiceCollection().AddCountersign<IdentityUser>();

        var fault = Assert.Throws<ArgumentException>(() => builder.AddAccountEvents<GuestEvents>());

        Assert.Contains("IAccountEvents<IdentityUser>", fault.Message, StringComparison.Ordinal);
    }

    private Task<GuestApp> StartAsync(Action<IServiceCollection>? services = null) => GuestApp.StartAsync(new GuestSetup
    {
        Countersign = static options => options.Registration = Registration.Open,
        Services = all =>
        {
            all.AddSingleton(_script);
            services?.Invoke(all);
        },
        Builder = static builder => builder.AddAccountEvents<GuestEvents>().AddAccountEvents<LaterEvents>(),
    });

    private static DbException DatabaseFailure() => new SqliteException("SQLite Error 5: 'database is locked'. a secret of the app", 5);

    private static Exception Failure(bool asDatabase) => asDatabase ? DatabaseFailure() : new NotSupportedException("a secret of the app");

    private static void AssertLogged(GuestApp app, int eventId, string name) => Assert.Contains(app.Log.Lines, line => line.Event == eventId
        && line.Text.Contains(name, StringComparison.Ordinal)
        && line.Text.Contains(nameof(GuestEvents), StringComparison.Ordinal)
        && line.Text.Contains("a secret of the app", StringComparison.Ordinal));

    private static (int Status, string? Code) Answer(Endpoints.Reply reply) => (reply.Status, reply.Code);

    private static Task<Endpoints.Reply> DeleteAsync(GuestApp app, string bearer) =>
        app.SendAsync("DELETE", "/api/v1/users/me", new { current_password = GuestApp.Password }, bearer);

    private static Task<int> UsersAsync(GuestApp app) => app.WithContextAsync(static context => context.Users.CountAsync());

    private static Task<int> RolesAsync(GuestApp app) => app.WithContextAsync(static context => context.Roles.CountAsync());

    private static Task<int> SessionsAsync(GuestApp app) => app.WithContextAsync(static context =>
        context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM countersign_sessions").SingleAsync());

    /// <summary>A manager that an app had before, and that is not derived from Countersign's.</summary>
    private sealed class OwnManager(
        IUserStore<GuestUser> store,
        IOptions<IdentityOptions> options,
        IPasswordHasher<GuestUser> hasher,
        IEnumerable<IUserValidator<GuestUser>> userValidators,
        IEnumerable<IPasswordValidator<GuestUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<GuestUser>> logger)
        : UserManager<GuestUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger);
}
