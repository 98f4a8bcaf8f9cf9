extern alias external;

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.TestServer;
using external::ExternalLogin;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.App.Tests.External;

/// <summary>The sample with an OpenID Connect provider: the whole way of a browser, and what an attacker at the provider can't do.</summary>
public sealed class ExternalLoginTests : IAsyncLifetime
{
    private static readonly (string, string, bool, string[]) Ada = ("ada-at-the-provider", "ada@example.com", true, ["pwd", "otp"]);

    private readonly TemporaryDirectory _directory = new();
    private readonly TestProvider _provider = new();
    private WebApplicationFactory<AppDbContext> _app = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        await _provider.StartAsync();
        _app = new WebApplicationFactory<AppDbContext>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("ConnectionStrings:App", $"Data Source={_directory.File("app.db")}")
            .UseSetting("Provider:Authority", _provider.Address.ToString())
            .UseSetting("Provider:ClientId", TestProvider.ClientId)
            .UseSetting("Provider:RequireHttpsMetadata", "false")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .UseContentRoot(_directory.Path)
            .ConfigureTestServices(static services =>
            {
                services.AddDataProtection().UseEphemeralDataProtectionProvider();

                // Everything is on loopback and plain http, and the jar of cookies sends no secure cookie there. Browsers do.
                services.PostConfigure<OpenIdConnectOptions>(ExternalLogins.Provider, static options =>
                    options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.None);
                services.PostConfigure<CookieAuthenticationOptions>(ExternalLogins.Cookie, static options =>
                {
                    Assert.Equal(("__Host-ExternalLogin", CookieSecurePolicy.Always), (options.Cookie.Name, options.Cookie.SecurePolicy));
                    options.Cookie.SecurePolicy = CookieSecurePolicy.None;
                });
            }));
        _app.UseKestrel(0);
        _app.StartServer();
        using var client = _app.CreateClient();
        _address = client.BaseAddress!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task LogIn_NewPersonAndAgain_IsOneAccountWithTheProvidersMethods()
    {
        _provider.Person = Ada;
        using var browser = Browser();
        var first = await LogInAsync(browser);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var me = await MeAsync(first.Body);
        Assert.Equal(["fed", "otp"], me.GetProperty("amr").EnumerateArray().Select(static amr => amr.GetString()!).Order(StringComparer.Ordinal));

        using var other = Browser();
        var again = await MeAsync((await LogInAsync(other)).Body);
        Assert.Equal(me.GetProperty("id").GetString(), again.GetProperty("id").GetString());

        // The result of the provider is for one use.
        Assert.Equal((HttpStatusCode.Unauthorized, "external_login_missing"), Refusal(await TokenAsync(browser)));
    }

    /// <summary>An attacker can have the victim's address at a provider that does not check it, or that he runs himself.</summary>
    [Theory]
    [InlineData(true, HttpStatusCode.Conflict, "account_exists")]
    [InlineData(false, HttpStatusCode.Forbidden, "email_unverified")]
    public async Task LogIn_AddressOfAnotherAccount_DoesNotGetIntoIt(bool isVerified, HttpStatusCode status, string code)
    {
        var ada = await CreateAsync("ada@example.com");
        _provider.Person = ("mallory", "ada@example.com", isVerified, ["pwd"]);
        using var browser = Browser();

        Assert.Equal((status, code), Refusal(await LogInAsync(browser)));

        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        Assert.Null(await users.FindByLoginAsync(ExternalLogins.Provider, "mallory"));
        Assert.Empty(await users.GetLoginsAsync((await users.FindByIdAsync(ada))!));
    }

    /// <summary>Identity's own look-up by address fails where two accounts share one.</summary>
    [Fact]
    public async Task LogIn_AddressThatTwoAccountsShare_IsRefused()
    {
        await CreateAsync("ada@example.com");
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            // Past Identity, which holds addresses apart in this app.
            var database = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            database.Add(new AppUser { UserName = "ada", NormalizedUserName = "ADA", Email = "ada@example.com", NormalizedEmail = "ADA@EXAMPLE.COM" });
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        _provider.Person = Ada;
        using var browser = Browser();

        Assert.Equal((HttpStatusCode.Conflict, "account_exists"), Refusal(await LogInAsync(browser)));
    }

    [Theory]
    [InlineData("GET", "/me")]
    [InlineData("GET", "/api/v1/users/me")]
    [InlineData("GET", "/api/v1/auth/sessions")]
    [InlineData("DELETE", "/api/v1/auth/sessions")]
    [InlineData("POST", "/users/me/logins")]
    [InlineData("DELETE", "/users/me/logins")]
    public async Task Cookie_OfTheResultAlone_OpensNothingElse(string method, string path)
    {
        _provider.Person = Ada;
        using var browser = Browser();
        await GoToTheProviderAsync(browser);

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(browser)).Status);
    }

    [Fact]
    public async Task Unlink_WithoutAPassword_IsRefusedAndWithOneDone()
    {
        _provider.Person = Ada;
        using var browser = Browser();
        var pair = (await LogInAsync(browser)).Body;
        Assert.Equal(HttpStatusCode.Conflict, await UnlinkAsync(browser, pair));
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            Assert.True((await users.AddPasswordAsync((await users.FindByEmailAsync("ada@example.com"))!, "violet umbrella orbit")).Succeeded);
        }

        // A new password has ended the session.
        Assert.Equal(HttpStatusCode.NoContent, await UnlinkAsync(browser, (await LogInAsync(browser)).Body));
        Assert.Equal((HttpStatusCode.Conflict, "account_exists"), Refusal(await LogInAsync(browser)));
    }

    [Fact]
    public async Task Start_WithoutAProvider_FailsAndNamesTheSetting()
    {
        await using var app = new WebApplicationFactory<AppDbContext>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("Logging:LogLevel:Default", "None")
            .UseSetting("ConnectionStrings:App", $"Data Source={_directory.File("none.db")}")
            .UseContentRoot(_directory.Path));

        var fault = Assert.ThrowsAny<Exception>(() => app.Services);

        Assert.Contains("ClientId", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_LoggedIn_BothWaysLeadToTheAccount()
    {
        var ada = await CreateAsync("ada@example.com");
        _provider.Person = Ada;
        using var browser = Browser();
        using var login = await browser.PostAsJsonAsync(
            "/api/v1/auth/login", new { username = "ada@example.com", password = "violet umbrella orbit" }, TestContext.Current.CancellationToken);
        var access = (await login.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("access_token").GetString();
        await GoToTheProviderAsync(browser, "/link/external", "Linking");

        // With the cookie alone nothing is linked: another site could make the browser send it.
        using var without = await browser.PostAsync("/users/me/logins", content: null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/users/me/logins");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var linked = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, linked.StatusCode);

        var me = await MeAsync((await LogInAsync(browser)).Body);
        Assert.Equal(ada, me.GetProperty("id").GetString());
    }

    /// <summary>The provider's second factor counts if it says so. Otherwise the account's own one is missing.</summary>
    [Theory]
    [InlineData("pwd", HttpStatusCode.Forbidden)]
    [InlineData("mfa", HttpStatusCode.OK)]
    public async Task LogIn_AccountWithASecondFactor_NeedsOne(string method, HttpStatusCode expected)
    {
        _provider.Person = Ada;
        using var browser = Browser();
        await LogInAsync(browser);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            Assert.True((await users.SetTwoFactorEnabledAsync((await users.FindByEmailAsync("ada@example.com"))!, enabled: true)).Succeeded);
        }

        _provider.Person = ("ada-at-the-provider", "ada@example.com", true, [method]);

        Assert.Equal(expected, (await LogInAsync(browser)).Status);
    }

    /// <summary>An attacker sends the victim an address with his own code, so that the victim would work in the attacker's account.</summary>
    [Fact]
    public async Task Callback_OfAnotherBrowser_IsRefused()
    {
        _provider.Person = ("mallory", "mallory@example.com", true, ["pwd"]);
        using var attacker = Browser(follow: false);
        var challenge = await attacker.GetAsync("/login/external", TestContext.Current.CancellationToken);
        var callback = await attacker.GetAsync(challenge.Headers.Location, TestContext.Current.CancellationToken);
        using var victim = Browser(follow: false);

        using var answer = await victim.GetAsync(callback.Headers.Location, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/welcome?failed"), (answer.StatusCode, answer.Headers.Location?.ToString()));
        Assert.Equal((HttpStatusCode.Unauthorized, "external_login_missing"), Refusal(await TokenAsync(victim)));
    }

    private static async Task<HttpStatusCode> UnlinkAsync(HttpClient browser, JsonElement pair)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/users/me/logins");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", pair.GetProperty("access_token").GetString());
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<string> CreateAsync(string email)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var user = new AppUser { UserName = email, Email = email };
        Assert.True((await users.CreateAsync(user, "violet umbrella orbit")).Succeeded);
        return user.Id;
    }

    private static (HttpStatusCode Status, string? Code) Refusal((HttpStatusCode Status, JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("code").GetString());

    /// <summary>A browser: it has a jar of cookies and follows redirects.</summary>
    private HttpClient Browser(bool follow = true) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = follow, CookieContainer = new CookieContainer() }) { BaseAddress = _address };

    private static async Task GoToTheProviderAsync(HttpClient browser, string start = "/login/external", string end = "Welcome")
    {
        using var answer = await browser.GetAsync(start, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(text.Contains(end, StringComparison.Ordinal), $"{answer.RequestMessage!.RequestUri} {answer.StatusCode} {text}");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> LogInAsync(HttpClient browser)
    {
        await GoToTheProviderAsync(browser);
        return await TokenAsync(browser);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> TokenAsync(HttpClient browser)
    {
        using var answer = await browser.PostAsync("/login/external/token", content: null, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    private async Task<JsonElement> MeAsync(JsonElement pair)
    {
        using var client = new HttpClient { BaseAddress = _address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", pair.GetProperty("access_token").GetString());
        return await client.GetFromJsonAsync<JsonElement>("/me", TestContext.Current.CancellationToken);
    }
}
