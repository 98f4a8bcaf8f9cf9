using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class AuthEndpointsTests(WebServer server) : IClassFixture<WebServer>
{
    private const string Auth = "/api/v1/auth";

    [Fact]
    public async Task Register_NewAddress_IsTheUser()
    {
        var reply = await server.SendAsync(
            "POST", Auth + "/register", new { email = "first@example.com", password = WebServer.Password, display_name = "First" });

        Assert.Equal(201, reply.Status);
        Assert.Equal("id email email_confirmed display_name is_active roles created_at", reply.Members);
        Assert.Equal("First", reply.Json.GetProperty("display_name").GetString());
        Assert.Equal("no-store", reply.Header("Cache-Control"));
    }

    [Fact]
    public async Task Register_TakenAddress_Is409()
    {
        var email = await server.RegisterAsync();

        var reply = await server.SendAsync("POST", Auth + "/register", new { email = email.ToUpperInvariant(), password = WebServer.Password });

        Assert.Equal((409, "email_taken"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Register_ShortPassword_SaysWhichRule()
    {
        var reply = await server.SendAsync("POST", Auth + "/register", new { email = "short@example.com", password = "short" });

        Assert.Equal((400, "password_refused"), (reply.Status, reply.Code));
        Assert.Equal("password_too_short", reply.Json.GetProperty("errors").GetProperty("password")[0].GetProperty("code").GetString());
        Assert.DoesNotContain("\"short\"", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_NoAddress_Is400() =>
        Assert.Equal("email_invalid", (await server.SendAsync("POST", Auth + "/register", new { email = "a@x, b@y", password = WebServer.Password })).Code);

    [Fact]
    public async Task Login_Json_IsAPair()
    {
        var email = await server.RegisterAsync();

        var reply = await server.SendAsync("POST", Auth + "/login", new { username = email, password = WebServer.Password });

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/json", reply.MediaType);
        Assert.Equal("access_token refresh_token token_type expires_in refresh_generation", reply.Members);
        Assert.Equal("bearer", reply.Json.GetProperty("token_type").GetString());
        Assert.InRange(reply.Json.GetProperty("expires_in").GetInt32(), 1, 1800);
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("", reply.Header("Set-Cookie"));
    }

    [Fact]
    public async Task Login_FormOfADocumentationPage_IsAPair()
    {
        var email = await server.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Auth + "/login")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "password",
                ["username"] = email,
                ["password"] = WebServer.Password,
                ["scope"] = "",
                ["client_id"] = "page",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "cGFnZTo=");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Login_WrongPasswordOrUnknownUser_IsOneAnswer()
    {
        var email = await server.RegisterAsync();
        var wrong = await server.SendAsync("POST", Auth + "/login", new { username = email, password = "not it at all" });
        var unknown = await server.SendAsync("POST", Auth + "/login", new { username = "nobody@example.com", password = WebServer.Password });

        Assert.Equal((400, "invalid_credentials", "invalid_grant"), (wrong.Status, wrong.Code, wrong.Error));
        Assert.Equal("Incorrect e-mail, user name or password", wrong.Json.GetProperty("detail").GetString());
        Assert.Equal((wrong.Status, wrong.Text), (unknown.Status, unknown.Text));
    }

    [Fact]
    public async Task Refresh_CurrentToken_IsTheNextPair()
    {
        var login = await server.LoginAsync();

        var reply = await server.SendAsync("POST", Auth + "/refresh", new { refresh_token = login.RefreshToken });

        Assert.Equal(200, reply.Status);
        var next = Login.From(login.Email, reply);
        Assert.Equal((login.SessionId, login.UserId, 2), (next.SessionId, next.UserId, next.Generation));
    }

    [Theory]
    [InlineData("nonsense", "refresh_token_invalid")]
    [InlineData("{access}", "refresh_token_invalid")]
    [InlineData("{cut}", "refresh_token_invalid")]
    public async Task Refresh_NoRefreshToken_IsInvalidGrant(string token, string code)
    {
        var login = await server.LoginAsync();
        token = token.Replace("{access}", login.AccessToken, StringComparison.Ordinal).Replace("{cut}", login.RefreshToken[..^1], StringComparison.Ordinal);

        var reply = await server.SendAsync("POST", Auth + "/refresh", new { refresh_token = token });

        Assert.Equal((400, code, "invalid_grant"), (reply.Status, reply.Code, reply.Error));
    }

    [Theory]
    [InlineData("grant_type=refresh_token&refresh_token={token}", 200, null)]
    [InlineData("grant_type=refresh_token&refresh_token={token}&client_id=countersign&scope=", 200, null)]
    [InlineData("grant_type=refresh_token&refresh_token={token}&client_id=another", 400, "invalid_grant")]
    [InlineData("grant_type=refresh_token&refresh_token={token}&scope=all", 400, "invalid_scope")]
    [InlineData("grant_type=refresh_token", 400, "invalid_request")]
    [InlineData("grant_type=refresh_token&refresh_token=x", 400, "invalid_grant")]
    [InlineData("grant_type=password&username=a&password=b", 400, "unsupported_grant_type")]
    [InlineData("grant_type=Refresh_Token&refresh_token={token}", 400, "unsupported_grant_type")]
    [InlineData("refresh_token={token}", 400, "invalid_request")]
    [InlineData("grant_type=refresh_token&grant_type=refresh_token&refresh_token={token}", 400, "invalid_request")]
    public async Task Token_Form_AnswersAsOAuthSays(string form, int status, string? error)
    {
        var login = await server.LoginAsync();
        using var content = new StringContent(
            form.Replace("{token}", login.RefreshToken, StringComparison.Ordinal),
            Encoding.ASCII, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

        var reply = await server.SendAsync("POST", Auth + "/token", content, bearer: null);

        Assert.Equal((status, error), (reply.Status, reply.Error));
    }

    [Fact]
    public async Task ChangePassword_RightPassword_EndsEverySessionAndStartsOne()
    {
        var other = await server.LoginAsync();
        var login = await server.LoginAsync(other.Email);

        var reply = await server.SendAsync(
            "POST", Auth + "/change-password", new { current_password = WebServer.Password, new_password = "another harbour at dusk" }, login.AccessToken);

        Assert.Equal(200, reply.Status);
        var next = Login.From(login.Email, reply);
        Assert.NotEqual(login.SessionId, next.SessionId);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: next.AccessToken)).Status);
        foreach (var ended in (Login[])[other, login])
        {
            Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: ended.AccessToken)).Status);
            Assert.Equal("invalid_grant", (await server.SendAsync("POST", Auth + "/refresh", new { refresh_token = ended.RefreshToken })).Error);
        }

        await server.LoginAsync(login.Email, "another harbour at dusk");
    }

    [Fact]
    public async Task ChangePassword_WrongPassword_ChangesNothing()
    {
        var login = await server.LoginAsync();

        var reply = await server.SendAsync(
            "POST", Auth + "/change-password", new { current_password = "not it at all", new_password = "another harbour at dusk" }, login.AccessToken);

        Assert.Equal((400, "invalid_credentials", "invalid_grant"), (reply.Status, reply.Code, reply.Error));
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task ChangePassword_WeakPassword_NamesItsMember()
    {
        var login = await server.LoginAsync();

        var reply = await server.SendAsync(
            "POST", Auth + "/change-password", new { current_password = WebServer.Password, new_password = "x" }, login.AccessToken);

        Assert.Equal((400, "password_refused"), (reply.Status, reply.Code));
        Assert.True(reply.Json.GetProperty("errors").TryGetProperty("new_password", out _));
    }

    /// <summary>L-3: nothing is changed, so nothing ends, and only who has proved the current password is told.</summary>
    [Fact]
    public async Task ChangePassword_ToTheSame_IsRefusedAndChangesNothing()
    {
        var login = await server.LoginAsync();

        var reply = await server.SendAsync(
            "POST", Auth + "/change-password", new { current_password = WebServer.Password, new_password = WebServer.Password }, login.AccessToken);
        var guess = await server.SendAsync(
            "POST", Auth + "/change-password", new { current_password = "not it at all", new_password = "not it at all" }, login.AccessToken);

        Assert.Equal((400, "password_refused"), (reply.Status, reply.Code));
        Assert.Equal("password_unchanged", reply.Json.GetProperty("errors").GetProperty("new_password")[0].GetProperty("code").GetString());
        Assert.Equal((400, "invalid_credentials"), (guess.Status, guess.Code));
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
        await server.LoginAsync(login.Email, WebServer.Password);
    }

    [Theory]
    [InlineData("POST", "/register")]
    [InlineData("POST", "/login")]
    [InlineData("POST", "/refresh")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/logout")]
    [InlineData("POST", "/logout-all")]
    public async Task Body_OtherContentType_Is415WithAProblem(string method, string path)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");

        var reply = await server.SendAsync(method, Auth + path, content, bearer: null);

        Assert.Equal((415, "content_type_unsupported"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("GET", "/api/v1/auth/login", 405)]
    [InlineData("PUT", "/api/v1/auth/refresh", 405)]
    [InlineData("GET", "/api/v1/auth/logout", 405)]
    [InlineData("POST", "/api/v1/auth/nothing", 404)]
    public async Task Method_NotTheRoutes_IsTheRoutersAnswer(string method, string path, int status) =>
        Assert.Equal(status, (await server.SendAsync(method, path)).Status);

    [Fact]
    public async Task Query_Password_IsRefused() =>
        Assert.Equal("credential_in_query", (await server.SendAsync("POST", Auth + "/login?password=x", new { username = "a", password = "b" })).Code);

    [Fact]
    public async Task Body_MegabyteOfPassword_Is413()
    {
        var reply = await server.SendAsync("POST", Auth + "/login", new { username = "a", password = new string('x', 1 << 20) });

        Assert.Equal((413, "body_too_large"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task FallbackPolicy_LoginEverywhere_LeavesTheWayIn()
    {
        await using var closed = new WebServer(static builder => builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        await closed.InitializeAsync();

        var login = await closed.LoginAsync();

        Assert.Equal(200, (await closed.SendAsync("POST", Auth + "/refresh", new { refresh_token = login.RefreshToken })).Status);
        Assert.Equal(200, (await closed.SendAsync("GET", "/.well-known/jwks.json")).Status);
        Assert.Equal(204, (await closed.SendAsync("POST", Auth + "/logout", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task Database_Down_Is503WithRetryAfter()
    {
        await using var broken = new WebServer();
        await broken.InitializeAsync();
        var login = await broken.LoginAsync();
        await broken.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE AspNetUsers RENAME TO Away"));

        Reply[] replies =
        [
            await broken.SendAsync("POST", Auth + "/login", new { username = login.Email, password = WebServer.Password }),
            await broken.SendAsync("POST", Auth + "/refresh", new { refresh_token = login.RefreshToken }),
            await broken.SendAsync("GET", "/api/v1/users/me", bearer: login.AccessToken),
            await broken.SendAsync("GET", "/account", bearer: login.AccessToken),
        ];

        foreach (var reply in replies)
        {
            Assert.Equal((503, "temporarily_unavailable"), (reply.Status, reply.Code));
            Assert.InRange(int.Parse(reply.Header("Retry-After"), CultureInfo.InvariantCulture), 1, 60);
        }

        Assert.Equal(200, (await broken.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }
}
