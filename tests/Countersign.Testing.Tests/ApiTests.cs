extern alias todo;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using todo::TodoApi;

namespace Countersign.Testing.Tests;

/// <summary>What the package gives to the tests of an app that issues tokens.</summary>
public sealed class ApiTests(Api api) : IClassFixture<Api>
{
    [Fact]
    public async Task AuthenticateAsync_TwoAddresses_AreTwoAccounts()
    {
        using var ada = api.CreateClient();
        using var bob = api.CreateClient();
        await ada.AuthenticateAsync(api.Services, "ada@example.com");
        await bob.AuthenticateAsync(api.Services, "bob@example.com");
        using var added = await ada.PostAsJsonAsync("/todos", new { title = "Write tests" }, TestContext.Current.CancellationToken);
        Assert.True(added.IsSuccessStatusCode);

        Assert.Contains("Write tests", await ada.GetStringAsync("/todos", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("[]", await bob.GetStringAsync("/todos", TestContext.Current.CancellationToken));
        using var again = api.CreateClient();
        await again.AuthenticateAsync(api.Services, "ada@example.com");
        Assert.Contains("Write tests", await again.GetStringAsync("/todos", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthenticateAsync_Roles_AreMadeAndAreInTheToken()
    {
        using var client = api.CreateClient();
        await client.AuthenticateAsync(api.Services, "eve@example.com", "clerk");
        var tokens = await client.AuthenticateAsync(api.Services, "eve@example.com", "admin", "clerk");

        Assert.True(api.Services.GetRequiredService<TokenValidator>().TryValidate(tokens.AccessToken, out var claims, out _));
        Assert.Equal(["admin", "clerk"], claims.Roles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AuthenticateAsync_TheSession_IsARealOne()
    {
        using var client = api.CreateClient();
        var tokens = await client.AuthenticateAsync(api.Services, "kim@example.com");
        using var refreshed = await client.PostAsJsonAsync(
            "/api/v1/auth/refresh", new { refresh_token = tokens.RefreshToken }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        using var logout = await client.PostAsync("/api/v1/auth/logout", content: null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        Assert.Equal("session_revoked", await RefusalAsync(client));
    }

    [Fact]
    public async Task Create_TokensThatTheAppMustRefuse_AreRefused()
    {
        using var client = api.CreateClient();
        client.UseAccessToken(new TestAccessToken { UserId = "nobody", HasSession = false }.Create(api.Services));
        Assert.Equal("token_without_session", await RefusalAsync(client));

        client.UseAccessToken(new TestAccessToken { UserId = "nobody", Audience = "https://another.example" }.Create(api.Services));
        Assert.Equal("token_audience_wrong", await RefusalAsync(client));

        using var issuer = new TestIssuer();
        client.UseAccessToken(issuer.Create(new TestAccessToken { UserId = "nobody" }));
        Assert.Equal("token_key_unknown", await RefusalAsync(client));
    }

    /// <summary>The master key of the machine on which the tests run may be anything.</summary>
    [Fact]
    public async Task Start_MachineWithAPreviousMasterKey_DoesNotReadIt()
    {
        await using var own = new Api();
        await using var other = own.WithWebHostBuilder(static builder => builder.UseSetting("Auth:PreviousMasterKey", "bm90IGEgbWFzdGVyIGtleQ=="));

        Assert.NotNull(other.Services);
    }

    [Fact]
    public async Task AuthenticateAsync_UserOfTheTest_IsSavedOnce()
    {
        using var client = api.CreateClient();
        var user = new AppUser { UserName = "lee", Email = "lee@example.com" };
        await client.AuthenticateAsync(api.Services, user, "clerk");
        await client.AuthenticateAsync(api.Services, user);

        Assert.Contains("lee@example.com", await client.GetStringAsync("/api/v1/users/me", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthenticateAsync_AccountThatMayNotLogIn_Throws()
    {
        using var client = api.CreateClient();
        await client.AuthenticateAsync(api.Services, "max@example.com");
        await using var scope = api.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var user = (await users.FindByEmailAsync("max@example.com"))!;
        Assert.True((await users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue)).Succeeded);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => client.AuthenticateAsync(api.Services, "max@example.com"));

        Assert.Contains("account_inactive", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestAccessToken_OldOrOfNobody_IsRefused()
    {
        using var client = api.CreateClient();
        client.UseAccessToken(new TestAccessToken { UserId = "nobody" }.Create(api.Services));
        Assert.Equal("account_unknown", await RefusalAsync(client));

        client.UseAccessToken(new TestAccessToken { UserId = "nobody", Age = TimeSpan.FromMinutes(10) }.Create(api.Services));
        Assert.Equal("token_expired", await RefusalAsync(client));
    }

    /// <summary>In production a network may sign up 20 times a minute.</summary>
    [Fact]
    public async Task SignUps_MoreThanANetworkMay_AreAccepted()
    {
        using var client = api.CreateClient();
        for (var i = 0; i < 22; i++)
        {
            using var made = await client.PostAsJsonAsync(
                "/api/v1/auth/register", new { email = $"many{i}@example.com", password = "violet umbrella orbit" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }
    }

    [Fact]
    public async Task AuthenticateAsync_Admin_IsAsTheGuideSays()
    {
        using var client = api.CreateClient();
        await client.AuthenticateAsync(api.Services, "ada@example.com", "admin");   // an account with this role, and a real session

        using var todos = await client.GetAsync("/todos", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, todos.StatusCode);
    }

    internal static async Task<string?> RefusalAsync(HttpClient client)
    {
        using var refused = await client.GetAsync("/todos", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        return (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("code").GetString();
    }
}
