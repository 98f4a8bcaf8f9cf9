using Countersign.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>A login of the app's own answers as the login route does.</summary>
public sealed class OwnLoginTests
{
    [Fact]
    public async Task ToResult_Started_IsTheAnswerOfALogin()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("ada", "ada@example.com");

        var own = await app.SendAsync("POST", "/own-login?name=ada");
        var login = await app.LoginAsync("ada");

        Assert.Equal((200, "no-store", login.Members), (own.Status, own.Header("Cache-Control"), own.Members));
    }

    [Theory]
    [InlineData("two-factor")]
    [InlineData("unconfirmed")]
    public async Task ToResult_RefusedAfterTheCredential_IsTheProblemOfALogin(string reason)
    {
        await using var app = await StartAsync(new GuestSetup
        {
            Identity = options => options.SignIn.RequireConfirmedEmail = reason == "unconfirmed",
            MapApp = MapOwnLogin,
        });
        await app.CreateAsync("ada", "ada@example.com");
        await app.WithUserAsync("ada", (manager, user) => manager.SetTwoFactorEnabledAsync(user, reason == "two-factor"));

        var own = await app.SendAsync("POST", "/own-login?name=ada");
        var login = await app.LoginAsync("ada");

        Assert.NotEqual(200, login.Status);
        Assert.Equal((login.Status, login.Text), (own.Status, own.Text));
    }

    [Fact]
    public async Task ToResult_RefusedByTheApp_HasItsWords()
    {
        await using var app = await StartAsync(new GuestSetup { MapApp = MapOwnLogin, Builder = static builder => builder.AddAccountEvents<Closed>() });
        await app.CreateAsync("ada", "ada@example.com");

        var own = await app.SendAsync("POST", "/own-login?name=ada");

        Assert.Equal((403, "closed_today", "Come back tomorrow"), (own.Status, own.Code, own.Json.GetProperty("detail").GetString()));
    }

    private static Task<GuestApp> StartAsync(GuestSetup? setup = null) => GuestApp.StartAsync(setup ?? new GuestSetup { MapApp = MapOwnLogin });

    private static void MapOwnLogin(WebApplication app) => app.MapPost("/own-login", static async (string name, IServiceProvider services) =>
    {
        var users = services.GetRequiredService<UserManager<GuestUser>>();
        var user = (await users.FindByNameAsync(name))!;
        return (await services.GetRequiredService<SessionService>().StartAsync(user.Id, new SignInContext())).ToResult();
    });

    private sealed class Closed : IAccountEvents<GuestUser>
    {
        public ValueTask<AccountRefusal?> SigningInAsync(GuestUser user, SignInContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<AccountRefusal?>(new AccountRefusal("closed_today", "Come back tomorrow"));
    }
}
