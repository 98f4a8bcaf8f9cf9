using Countersign.AspNetCore.Tests.Clients;
using Countersign.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>What a token opens whose account got other claims: what needs only its session, and nothing else.</summary>
public sealed class StaleTokenTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ClientApp.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/who")]
    [InlineData("GET", "/account")]
    [InlineData("GET", "/api/v1/users/me")]
    [InlineData("PATCH", "/api/v1/users/me")]
    [InlineData("DELETE", "/api/v1/users/me")]
    [InlineData("POST", "/api/v1/auth/change-password")]
    public async Task Route_OfTheAccount_Is401TokenStale(string method, string path)
    {
        var login = await StaleAsync();

        var reply = await _server.SendAsync(method, path, method is "GET" ? null : new { }, login.AccessToken);

        Assert.Equal((401, "token_stale"), (reply.Status, reply.Code));
        Assert.Contains("error=\"invalid_token\"", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_StaleToken_TheNewOneIsAccepted()
    {
        var login = await StaleAsync();

        var refreshed = await _server.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.RefreshToken });

        Assert.Equal(200, (await _server.SendAsync("GET", "/who", bearer: Login.From(login.Email, refreshed).AccessToken)).Status);
    }

    [Theory]
    [InlineData("GET", "/api/v1/auth/sessions", 200)]
    [InlineData("DELETE", "/api/v1/auth/sessions", 204)]
    [InlineData("DELETE", "/api/v1/auth/sessions/{sid}", 204)]
    [InlineData("POST", "/api/v1/auth/logout", 204)]
    [InlineData("POST", "/api/v1/auth/logout-all", 204)]
    public async Task Route_ThatEndsSessions_AcceptsAStaleToken(string method, string path, int status)
    {
        var login = await StaleAsync();

        var reply = await _server.SendAsync(method, path.Replace("{sid}", login.SessionId, StringComparison.Ordinal), bearer: login.AccessToken);

        Assert.True(reply.Status == status, $"{reply.Status} {reply.Text}");
    }

    /// <summary>A policy of the app may decide by a role that was taken away.</summary>
    [Theory]
    [InlineData("policy", "DELETE", "sessions")]
    [InlineData("default policy", "DELETE", "sessions")]
    [InlineData("requirement", "DELETE", "sessions")]
    [InlineData("policy", "POST", "logout")]
    [InlineData("metadata", "POST", "logout")]
    public async Task Route_WithAPolicyOfTheApp_RefusesAStaleToken(string kind, string method, string route)
    {
        await using var other = new WebServer(
            static _ => { },
            app =>
            {
                var group = app.MapGroup("/guarded");
                var clerk = new AuthorizationPolicyBuilder("Countersign").RequireRole("clerk").Build();
                _ = kind switch
                {
                    "policy" => group.RequireAuthorization(clerk),
                    "metadata" => group.WithMetadata(clerk),
                    "requirement" => group.WithMetadata(new ClerkRule()),
                    _ => group.RequireAuthorization(),
                };
                group.MapCountersignRoute(CountersignRoute.EndOtherSessions);
                group.MapCountersignRoute(CountersignRoute.LogOut);
            });
        await other.InitializeAsync();
        var login = await other.LoginAsync();
        await other.Services.GetRequiredService<SessionService>().ClaimsChangedAsync(login.UserId);

        var reply = await other.SendAsync(method, $"/guarded/api/v1/auth/{route}", bearer: login.AccessToken);

        Assert.Equal((401, "token_stale"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Client_StaleToken_IsInactiveAndCanBeRevoked()
    {
        var login = await StaleAsync();

        Assert.Equal(ClientApp.Inactive, (await _server.IntrospectAsync(login.AccessToken)).Text);
        Assert.Equal(200, (await _server.RevokeAsync(login.AccessToken)).Status);

        var reply = await _server.SendAsync("GET", "/who", bearer: login.AccessToken);
        Assert.Equal((401, "session_revoked"), (reply.Status, reply.Code));
        Assert.Equal(400, (await _server.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.RefreshToken })).Status);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ClerkRule : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new RolesAuthorizationRequirement(["clerk"])];
    }

    private async Task<Login> StaleAsync()
    {
        var login = await _server.LoginAsync();
        Assert.Equal(1, await _server.Services.GetRequiredService<SessionService>().ClaimsChangedAsync(login.UserId));
        return login;
    }
}
