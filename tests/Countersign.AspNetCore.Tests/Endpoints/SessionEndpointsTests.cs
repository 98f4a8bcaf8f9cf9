using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class SessionEndpointsTests(WebServer server) : IClassFixture<WebServer>
{
    private const string Auth = "/api/v1/auth";

    [Fact]
    public async Task Logout_Bearer_EndsItsSessionAlone()
    {
        var stays = await server.LoginAsync();
        var login = await server.LoginAsync(stays.Email);

        Assert.Equal(204, (await server.SendAsync("POST", Auth + "/logout", bearer: login.AccessToken)).Status);

        Assert.Equal("session_revoked", (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Code);
        Assert.Equal("session_revoked", (await server.SendAsync("POST", Auth + "/refresh", new { refresh_token = login.RefreshToken })).Code);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: stays.AccessToken)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("{revoked}")]
    public async Task Logout_RefreshToken_WorksWhateverTheBearer(string? bearer)
    {
        var revoked = await server.LoginAsync();
        await server.SendAsync("POST", Auth + "/logout", bearer: revoked.AccessToken);
        var login = await server.LoginAsync();

        var reply = await server.SendAsync(
            "POST", Auth + "/logout", new { refresh_token = login.RefreshToken }, bearer == "{revoked}" ? revoked.AccessToken : bearer);

        Assert.Equal(204, reply.Status);
        Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
        Assert.Equal(204, (await server.SendAsync("POST", Auth + "/logout", new { refresh_token = login.RefreshToken })).Status);
    }

    [Fact]
    public async Task Logout_UnknownRefreshToken_IsInvalidGrant()
    {
        var reply = await server.SendAsync("POST", Auth + "/logout", new { refresh_token = "nonsense" });

        Assert.Equal((400, "refresh_token_invalid", "invalid_grant"), (reply.Status, reply.Code, reply.Error));
    }

    [Theory]
    [InlineData("/logout")]
    [InlineData("/logout-all")]
    public async Task Logout_NoCredential_Is401(string path)
    {
        var reply = await server.SendAsync("POST", Auth + path);

        Assert.Equal((401, "credential_missing", "Bearer"), (reply.Status, reply.Code, reply.Header("WWW-Authenticate")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogoutAll_EitherToken_EndsThemAll(bool byBearer)
    {
        var other = await server.LoginAsync();
        var login = await server.LoginAsync(other.Email);

        var reply = byBearer
            ? await server.SendAsync("POST", Auth + "/logout-all", bearer: login.AccessToken)
            : await server.SendAsync("POST", Auth + "/logout-all", new { refresh_token = login.RefreshToken });

        Assert.Equal(204, reply.Status);
        Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: other.AccessToken)).Status);
        Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task LogoutAll_RefreshTokenOfASessionThatIsOver_EndsNothing()
    {
        var over = await server.LoginAsync();
        var live = await server.LoginAsync(over.Email);
        Assert.Equal(204, (await server.SendAsync("POST", Auth + "/logout", new { refresh_token = over.RefreshToken })).Status);

        var reply = await server.SendAsync("POST", Auth + "/logout-all", new { refresh_token = over.RefreshToken });

        Assert.Equal((400, "session_revoked", "invalid_grant"), (reply.Status, reply.Code, reply.Error));
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: live.AccessToken)).Status);
    }

    [Fact]
    public async Task LogoutAll_RefreshTokenThatWasLeftBehind_IsReuseAndEndsItsOwnSessionAlone()
    {
        var stale = await server.LoginAsync();
        var live = await server.LoginAsync(stale.Email);
        await RotateAsync(stale.SessionId);

        var reply = await server.SendAsync("POST", Auth + "/logout-all", new { refresh_token = stale.RefreshToken });

        Assert.Equal((400, "refresh_token_reused", "invalid_grant"), (reply.Status, reply.Code, reply.Error));
        Assert.Equal("session_revoked", (await server.SendAsync("GET", "/who", bearer: stale.AccessToken)).Code);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: live.AccessToken)).Status);
    }

    [Fact]
    public async Task Logout_RefreshTokenThatWasLeftBehind_EndsTheSession()
    {
        var stale = await server.LoginAsync();
        await RotateAsync(stale.SessionId);

        Assert.Equal(204, (await server.SendAsync("POST", Auth + "/logout", new { refresh_token = stale.RefreshToken })).Status);

        Assert.Equal("session_revoked", (await server.SendAsync("GET", "/who", bearer: stale.AccessToken)).Code);
    }

    [Fact]
    public async Task List_Sessions_IsOnesOwnNewestFirst()
    {
        await server.LoginAsync();
        var first = await server.LoginAsync();
        var second = await server.LoginAsync(first.Email);

        var reply = await server.SendAsync("GET", Auth + "/sessions", bearer: first.AccessToken);

        Assert.Equal("sessions next", reply.Members);
        var sessions = reply.Json.GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal($"{second.SessionId} {first.SessionId}", string.Join(' ', sessions.Select(session => session.GetProperty("id").GetString())));
        Assert.Equal("False True", string.Join(' ', sessions.Select(session => session.GetProperty("current").GetBoolean())));
        Assert.Equal(
            "id created_at refreshed_at expires_at idle_expires_at ip_address user_agent label current",
            string.Join(' ', sessions[0].EnumerateObject().Select(member => member.Name)));
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task List_Pages_MeetEndToEnd()
    {
        var first = await server.LoginAsync();
        var second = await server.LoginAsync(first.Email);
        var third = await server.LoginAsync(first.Email);

        var page = (await server.SendAsync("GET", Auth + "/sessions?limit=2", bearer: first.AccessToken)).Json;
        var rest = (await server.SendAsync("GET", $"{Auth}/sessions?limit=2&before={page.GetProperty("next").GetString()}", bearer: first.AccessToken)).Json;

        Assert.Equal(
            $"{third.SessionId} {second.SessionId} {first.SessionId}",
            string.Join(
                ' ',
                page.GetProperty("sessions").EnumerateArray()
                    .Concat(rest.GetProperty("sessions").EnumerateArray())
                    .Select(session => session.GetProperty("id").GetString())));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task List_TamperedCursor_Is400()
    {
        var login = await server.LoginAsync();

        Assert.Equal("cursor_invalid", (await server.SendAsync("GET", Auth + "/sessions?before=1'--", bearer: login.AccessToken)).Code);
    }

    [Fact]
    public async Task Revoke_OwnSession_EndsIt()
    {
        var login = await server.LoginAsync();
        var other = await server.LoginAsync(login.Email);

        Assert.Equal(204, (await server.SendAsync("DELETE", $"{Auth}/sessions/{other.SessionId}", bearer: login.AccessToken)).Status);

        Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: other.AccessToken)).Status);
        Assert.Equal(404, (await server.SendAsync("DELETE", $"{Auth}/sessions/{other.SessionId}", bearer: login.AccessToken)).Status);
    }

    [Theory]
    [InlineData("{other}")]
    [InlineData("0196a4f2-5d3e-7abc-8def-0123456789ab")]
    [InlineData("nonsense")]
    public async Task Revoke_SessionOfNobodyOrSomeoneElse_Is404(string id)
    {
        var login = await server.LoginAsync();
        var other = await server.LoginAsync();

        var reply = await server.SendAsync(
            "DELETE", $"{Auth}/sessions/{id.Replace("{other}", other.SessionId, StringComparison.Ordinal)}", bearer: login.AccessToken);

        Assert.Equal((404, "session_not_found"), (reply.Status, reply.Code));
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: other.AccessToken)).Status);
    }

    /// <summary>As if the session had been refreshed eight times meanwhile, which would take as many minutes.</summary>
    private Task RotateAsync(string sessionId) => server.ChangeAsync(context =>
        context.Database.ExecuteSqlAsync($"UPDATE countersign_sessions SET generation = 9, parent = 8 WHERE id = {Guid.Parse(sessionId)}"));
}
