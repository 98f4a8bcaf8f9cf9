using System.Net.Sockets;
using System.Security.Claims;
using Countersign.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class CurrentUserTests(WebServer server) : IClassFixture<WebServer>
{
    [Fact]
    public async Task Who_LoggedIn_IsWhatTheTokenSays()
    {
        var login = await server.LoginAsync();

        Assert.Contains($"{login.UserId} {login.SessionId}", (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_LoggedIn_IsLoaded()
    {
        var login = await server.LoginAsync();

        Assert.Contains($"{login.UserId} {login.Email}", (await server.SendAsync("GET", "/account", bearer: login.AccessToken)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_ChangedByTheApp_IsSavedByItsContext()
    {
        var login = await server.LoginAsync();

        Assert.Equal("1", (await server.SendAsync("POST", "/account", bearer: login.AccessToken)).Text);
        Assert.Contains("saved by the app", (await server.SendAsync("GET", "/api/v1/users/me", bearer: login.AccessToken)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/who")]
    [InlineData("/account")]
    public async Task Any_NoCredential_Is401(string path)
    {
        var reply = await server.SendAsync("GET", path);

        Assert.Equal((401, "credential_missing", "Bearer"), (reply.Status, reply.Code, reply.Header("WWW-Authenticate")));
    }

    [Theory]
    [InlineData("application/json", 401)]
    [InlineData("text/html,application/xhtml+xml", 302)]
    public async Task Both_NoCredential_ClientsGetTheProblemAndPeopleTheLoginPage(string accept, int status)
    {
        var reply = await SendToBothAsync("/both", ("Accept", accept));

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 401 ? "credential_missing" : null, reply.Code);
        Assert.Equal(status == 401, reply.Header("Location").Length == 0);
    }

    [Fact]
    public async Task Both_CookieAlone_DoesNotStandInForTheToken()
    {
        var cookie = (await server.SendAsync("GET", "/cookie")).Header("Set-Cookie").Split(';')[0];

        var reply = await SendToBothAsync("/both", ("Cookie", cookie));

        Assert.Equal((401, "credential_missing"), (reply.Status, reply.Code));
    }

    /// <summary>The body that the handler wrote must not stop the cookie scheme from setting its headers, or the server would end the connection.</summary>
    [Fact]
    public async Task Both_Refused_ConnectionStays()
    {
        var connections = 0;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        for (var request = 0; request < 5; request++)
        {
            using var response = await client.GetAsync(new Uri(server.Client.BaseAddress!, "/both"));
            await response.Content.ReadAsStringAsync();
            Assert.Equal(401, (int)response.StatusCode);
        }

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Both_Token_IsEnough()
    {
        var login = await server.LoginAsync();

        Assert.Equal(login.UserId, (await server.SendAsync("GET", "/both", bearer: login.AccessToken)).Text.Trim('"'));
    }

    /// <summary>The token is not enough where a transformation of the app takes the user away.</summary>
    [Fact]
    public async Task Who_TransformationTakesTheUserAway_Is403()
    {
        await using var other = new WebServer(static builder => builder.Services.AddSingleton<IClaimsTransformation, NoUser>());
        await other.InitializeAsync();
        var login = await other.LoginAsync();

        Assert.Equal(403, (await other.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task Perhaps_NoCredential_IsNobody() => Assert.Equal("nobody", (await server.SendAsync("GET", "/perhaps")).Text);

    [Fact]
    public async Task Account_GoneBehindOurBack_Is401()
    {
        var login = await server.LoginAsync();
        await server.ChangeAsync(context => context.Users.Where(user => user.Id == login.UserId).ExecuteDeleteAsync());

        var reply = await server.SendAsync("GET", "/account", bearer: login.AccessToken);

        Assert.Equal((401, "account_unknown"), (reply.Status, reply.Code));
        Assert.StartsWith("Bearer error=\"invalid_token\"", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal("account_unknown", (await server.SendAsync("GET", "/api/v1/users/me", bearer: login.AccessToken)).Code);
    }

    [Fact]
    public async Task Account_InactiveBehindOurBack_Is400()
    {
        var login = await server.LoginAsync();
        await server.ChangeAsync(context => context.Users.Where(user => user.Id == login.UserId)
            .ExecuteUpdateAsync(update => update.SetProperty(user => user.IsDisabled, true)));

        var reply = await server.SendAsync("GET", "/account", bearer: login.AccessToken);

        Assert.Equal((400, "account_inactive"), (reply.Status, reply.Code));
        Assert.Equal("Inactive user", reply.Json.GetProperty("detail").GetString());
        Assert.Equal("account_inactive", (await server.SendAsync("GET", "/api/v1/users/me", bearer: login.AccessToken)).Code);
    }

    [Theory]
    [InlineData("/who")]
    [InlineData("/account")]
    [InlineData("/api/v1/auth/sessions")]
    public async Task SessionlessToken_ByDefault_IsRefused(string path)
    {
        var login = await server.LoginAsync();

        Assert.Equal("token_without_session", (await server.SendAsync("GET", path, bearer: server.SessionlessToken(login.UserId))).Code);
    }

    [Fact]
    public async Task SessionlessToken_WhereTheyAreTaken_IsGoodWhileItsAccountIs()
    {
        await using var lenient = new WebServer(static builder => builder.UnsafeAcceptSessionlessTokens());
        await lenient.InitializeAsync();
        var login = await lenient.LoginAsync();
        var token = lenient.SessionlessToken(login.UserId);

        Assert.Equal(200, (await lenient.SendAsync("GET", "/who", bearer: token)).Status);
        Assert.Equal("token_without_session", (await lenient.SendAsync("POST", "/api/v1/auth/logout", bearer: token)).Code);
        Assert.Equal("account_unknown", (await lenient.SendAsync("GET", "/who", bearer: lenient.SessionlessToken("nobody"))).Code);

        await lenient.ChangeAsync(context => context.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.IsDisabled, true)));
        Assert.Equal("account_inactive", (await lenient.SendAsync("GET", "/who", bearer: token)).Code);
    }

    private async Task<Reply> SendToBothAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await server.Client.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    private sealed class NoUser : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity()));
    }
}
