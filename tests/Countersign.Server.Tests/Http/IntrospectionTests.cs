using System.Buffers.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Http;

/// <summary>RFC 7662 over HTTP, rule by rule.</summary>
public sealed class IntrospectionTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string Inactive = """{"active":false}""";

    [Fact]
    public async Task O20_ActiveAccessToken_SaysWhatTheTokenSays()
    {
        using var user = await server.LoggedInAsync();

        var answer = await server.IntrospectAsync(user.AccessToken);

        Assert.Equal(200, answer.Status);
        Assert.Equal("no-store", answer.CacheControl);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(
            "active token_type client_id sub aud iss exp iat jti sid auth_time amr roles",
            string.Join(' ', answer.Body.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("Bearer", answer.Text("token_type"));
        Assert.Equal(ClientServer.Audience, answer.Text("aud"));
        var claims = Payload(user.AccessToken);
        foreach (var member in answer.Body.EnumerateObject().Where(member => member.Name is not ("active" or "token_type")))
        {
            Assert.Equal(claims.GetProperty(member.Name).GetRawText(), member.Value.GetRawText());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&token_type_hint=access_token")]
    [InlineData("&token_type_hint=refresh_token")]
    [InlineData("&token_type_hint=nonsense")]
    public async Task AccessToken_AnyHint_IsFound(string hint)
    {
        using var user = await server.LoggedInAsync();

        Assert.Equal("Bearer", (await server.IntrospectAsync(user.AccessToken, hint)).Text("token_type"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&token_type_hint=access_token")]
    [InlineData("&token_type_hint=Refresh_Token")]
    [InlineData("&token_type_hint=nonsense")]
    public async Task J31_RefreshTokenThatNobodyAskedForAsOne_IsInactive(string hint)
    {
        using var user = await server.LoggedInAsync();

        Assert.Equal(Inactive, (await server.IntrospectAsync(user.RefreshToken, hint)).Raw);
    }

    [Fact]
    public async Task RefreshToken_AskedForAsOne_IsActiveAndNoBearerToken()
    {
        using var user = await server.LoggedInAsync();
        var events = await EventsAsync();

        var answer = await server.IntrospectAsync(user.RefreshToken, "&token_type_hint=refresh_token");

        Assert.Equal("active token_type client_id sub iss exp iat sid", string.Join(' ', answer.Body.EnumerateObject().Select(member => member.Name)));
        Assert.True(answer.Body.GetProperty("active").GetBoolean());
        Assert.Equal(("refresh_token", "countersign"), (answer.Text("token_type"), answer.Text("client_id")));
        var claims = Payload(user.RefreshToken);
        foreach (var name in (string[])["sub", "iss", "exp", "iat", "sid"])
        {
            Assert.Equal(claims.GetProperty(name).GetRawText(), answer.Body.GetProperty(name).GetRawText());
        }

        // Asking changes nothing: the token is still the first of its session.
        Assert.Equal(2, (await user.RefreshAsync()).Number("refresh_generation"));
        Assert.Equal(events, await EventsAsync());
    }

    [Fact]
    public async Task O19_AnythingElse_IsExactlyInactive()
    {
        using var user = await server.LoggedInAsync();
        using var ended = await server.LoggedInAsync();
        Assert.Equal(204, (await ended.PostAsync("/auth/logout", bearer: ended.AccessToken)).Status);
        using var deleted = await server.LoggedInAsync();
        await deleted.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = ApiClient.Password }), deleted.AccessToken);
        var good = await server.IntrospectAsync(user.AccessToken);
        (string Name, string Token, string Hint, string Client)[] rows =
        [
            ("nonsense", "nonsense", "", ClientServer.Api),
            ("dots", "...", "", ClientServer.Api),
            ("spaces around", $" {user.AccessToken} ", "", ClientServer.Api),
            ("Bearer before", $"Bearer {user.AccessToken}", "", ClientServer.Api),
            ("none algorithm", "eyJhbGciOiJub25lIn0.e30.", "", ClientServer.Api),
            ("9 KiB", new string('a', 9000), "", ClientServer.Api),
            ("outside of ASCII", "\u00e9.\u00e9.\u00e9", "", ClientServer.Api),
            ("logged out", ended.AccessToken, "", ClientServer.Api),
            ("logged out, refresh", ended.RefreshToken, "&token_type_hint=refresh_token", ClientServer.Api),
            ("account gone", deleted.AccessToken, "", ClientServer.Api),
            ("account gone, refresh", deleted.RefreshToken, "&token_type_hint=refresh_token", ClientServer.Api),
            ("another audience", user.AccessToken, "", ClientServer.Elsewhere),
            ("another audience, refresh", user.RefreshToken, "&token_type_hint=refresh_token", ClientServer.Elsewhere),
        ];
        foreach (var (name, token, hint, client) in rows)
        {
            var answer = await server.IntrospectAsync(token, hint, client);

            Assert.True(answer is { Status: 200, Raw: Inactive }, $"{name}: {answer.Status} {answer.Raw}");
            Assert.Equal((good.ContentType, good.CacheControl), (answer.ContentType, answer.CacheControl));
        }
    }

    [Fact]
    public async Task DeactivatedAccount_IsInactiveOnceTheServerHearsOfIt()
    {
        using var user = await server.LoggedInAsync();
        await server.CommandAsync("users", "deactivate", user.Email);

        await Patience.UntilAsync(async () => (await server.IntrospectAsync(user.AccessToken)).Raw == Inactive);

        Assert.Equal(Inactive, (await server.IntrospectAsync(user.RefreshToken, "&token_type_hint=refresh_token")).Raw);
    }

    [Fact]
    public async Task Metadata_NamesBothEndpoints()
    {
        using var client = server.Client();

        var metadata = await client.GetAsync("/.well-known/oauth-authorization-server");

        var api = metadata.Text("issuer") + "/api/v1/auth";
        Assert.Equal((api + "/introspect", api + "/revoke"), (metadata.Text("introspection_endpoint"), metadata.Text("revocation_endpoint")));
    }

    private Task<long> EventsAsync() => Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_security_events");

    private static JsonElement Payload(string token) => JsonElement.Parse(Base64Url.DecodeFromUtf8(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[1])));
}
