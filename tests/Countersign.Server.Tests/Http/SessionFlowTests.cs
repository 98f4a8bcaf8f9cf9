using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Http;

/// <summary>What a session goes through, from login to its end.</summary>
public sealed class SessionFlowTests(SessionFlowServer server) : IClassFixture<SessionFlowServer>
{
    [Fact]
    public async Task Register_SameAddressInAnotherCase_409AndTheFirstAccountStays()
    {
        using var client = server.Client();
        var first = await client.RegisterAsync();

        var second = await client.PostAsync("/auth/register", new { email = client.Email.ToUpperInvariant(), password = ApiClient.Password });

        second.AssertRefused(409, "email_taken");
        await client.LogInAsync();
        Assert.Equal(first.Text("id"), (await client.MeAsync()).Text("id"));
    }

    [Fact]
    public async Task Register_SixteenAtOnce_OneAccount()
    {
        using var client = server.Client();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => client.PostAsync("/auth/register", new { email = client.Email, password = ApiClient.Password })));

        Assert.Single(answers, static answer => answer.Status == 201);
        Assert.All(answers.Where(static answer => answer.Status != 201), static answer => Assert.Contains(answer.Status, new[] { 409, 503 }));
        Assert.Equal(1, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM AspNetUsers WHERE Email = '{client.Email}'"));
    }

    [Theory]
    [InlineData("short", "password_too_short")]
    [InlineData("password123", "password_common")]
    public async Task Register_PasswordAgainstTheRules_400WithTheReasonAndNoAccount(string password, string code)
    {
        using var client = server.Client();

        var answer = await client.PostAsync("/auth/register", new { email = client.Email, password });

        answer.AssertRefused(400, "password_refused");
        Assert.Contains(code, answer.Raw, StringComparison.Ordinal);
        Assert.Equal(0, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM AspNetUsers WHERE Email = '{client.Email}'"));
    }

    [Fact]
    public async Task Login_WrongPasswordUnknownNameAndInactive_SameAnswer()
    {
        using var client = server.Client();
        await client.RegisterAsync();

        var wrong = await client.TryLogInAsync("not the password");
        var unknown = await client.TryLogInAsync(username: "nobody@example.com");

        wrong.AssertRefused(400, "invalid_credentials");
        Assert.Equal("invalid_grant", wrong.Text("error"));
        Assert.Equal(wrong.Raw, unknown.Raw);
        Assert.Equal(wrong.ContentType, unknown.ContentType);
    }

    [Fact]
    public async Task Login_TenWrongPasswordsInARow_RightOneRefusedUntilUnlocked()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        for (var i = 0; i < 10; i++)
        {
            // Every spelling of the account counts against the same ten.
            (await client.TryLogInAsync("not the password", i % 2 == 0 ? client.Email.ToUpperInvariant() : client.Email))
                .AssertRefused(400, "invalid_credentials");
        }

        (await client.TryLogInAsync()).AssertRefused(429, "too_many_attempts");
        await server.CommandAsync("users", "unlock", client.Email);
        await client.LogInAsync();
    }

    [Fact]
    public async Task Refresh_SameTokenAgain_SameSuccessorByteForByte()
    {
        using var client = await server.LoggedInAsync();

        var first = await client.RefreshAsync();
        var again = await client.RefreshAsync();

        Assert.Equal(200, first.Status);
        Assert.Equal(first.Text("refresh_token"), again.Text("refresh_token"));
        Assert.Equal(2, again.Number("refresh_generation"));
    }

    [Fact]
    public async Task Refresh_TwoAtOnce_OneSuccessorAndNobodyRefused()
    {
        using var client = server.Client();
        await client.RegisterAsync();
        for (var i = 0; i < 100; i++)
        {
            await client.LogInAsync();

            var racers = await Task.WhenAll(client.RefreshAsync(), client.RefreshAsync());

            Assert.All(racers, static racer => Assert.Equal(200, racer.Status));
            Assert.Equal(racers[0].Text("refresh_token"), racers[1].Text("refresh_token"));
        }
    }

    [Fact]
    public async Task Token_RefreshGrant_AsTheRefreshRouteAndPasswordGrantRefused()
    {
        using var client = await server.LoggedInAsync();
        using var refresh = ApiClient.Raw($"grant_type=refresh_token&refresh_token={client.RefreshToken}", "application/x-www-form-urlencoded");
        using var password = ApiClient.Raw($"grant_type=password&username={client.Email}&password=x", "application/x-www-form-urlencoded");

        Assert.Equal(200, (await client.SendAsync(HttpMethod.Post, "/auth/token", refresh)).Status);
        var refused = await client.SendAsync(HttpMethod.Post, "/auth/token", password);
        refused.AssertRefused(400, "unsupported_grant_type", "application/json");
        Assert.Equal("unsupported_grant_type", refused.Text("error"));
    }

    [Fact]
    public async Task Logout_ByBearer_AccessAndRefreshTokenRefusedAtOnce()
    {
        using var client = await server.LoggedInAsync();

        Assert.Equal(204, (await client.PostAsync("/auth/logout", bearer: client.AccessToken)).Status);

        (await client.MeAsync()).AssertRefused(401, "session_revoked");
        (await client.RefreshAsync()).AssertRefused(400, "session_revoked");
        (await client.PostAsync("/auth/logout", bearer: client.AccessToken)).AssertRefused(401, "session_revoked");
    }

    [Fact]
    public async Task Logout_ByRefreshToken_EndsTheSessionWithoutABearer()
    {
        using var client = await server.LoggedInAsync();

        Assert.Equal(204, (await client.PostAsync("/auth/logout", new { refresh_token = client.RefreshToken })).Status);
        Assert.Equal(204, (await client.PostAsync("/auth/logout", new { refresh_token = client.RefreshToken })).Status);

        (await client.MeAsync()).AssertRefused(401, "session_revoked");
        (await client.PostAsync("/auth/logout", new { refresh_token = "nonsense" })).AssertRefused(400, "refresh_token_invalid");
        Assert.Equal(401, (await client.PostAsync("/auth/logout")).Status);
    }

    [Fact]
    public async Task LogoutAll_TwoSessions_BothEnd()
    {
        using var client = await server.LoggedInAsync();
        var other = client.AccessToken;
        await client.LogInAsync();

        Assert.Equal(204, (await client.PostAsync("/auth/logout-all", bearer: client.AccessToken)).Status);

        (await client.MeAsync(other)).AssertRefused(401, "session_revoked");
        (await client.MeAsync()).AssertRefused(401, "session_revoked");
    }

    [Fact]
    public async Task Sessions_OwnOnesOnly_ListedPagedAndRevoked()
    {
        using var client = await server.LoggedInAsync();
        var oldest = client.AccessToken;
        await client.LogInAsync();
        await client.LogInAsync();
        using var stranger = await server.LoggedInAsync();

        var page = await client.GetAsync("/auth/sessions?limit=2", client.AccessToken);
        var rest = await client.GetAsync($"/auth/sessions?limit=2&before={page.Text("next")}", client.AccessToken);

        var sessions = page.Body.GetProperty("sessions");
        Assert.Equal(2, sessions.GetArrayLength());
        Assert.True(sessions[0].GetProperty("current").GetBoolean());
        Assert.False(sessions[1].GetProperty("current").GetBoolean());
        Assert.Equal(1, rest.Body.GetProperty("sessions").GetArrayLength());
        Assert.Null(rest.Text("next"));
        var id = rest.Body.GetProperty("sessions")[0].GetProperty("id").GetString();
        (await stranger.SendAsync(HttpMethod.Delete, $"/auth/sessions/{id}", bearer: stranger.AccessToken)).AssertRefused(404, "session_not_found");
        Assert.Equal(200, (await client.MeAsync(oldest)).Status);
        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, $"/auth/sessions/{id}", bearer: client.AccessToken)).Status);
        (await client.MeAsync(oldest)).AssertRefused(401, "session_revoked");
        (await client.SendAsync(HttpMethod.Delete, "/auth/sessions/nonsense", bearer: client.AccessToken)).AssertRefused(404, "session_not_found");
    }

    [Fact]
    public async Task EndOthers_ThreeSessions_TheOneThatAsksGoesOn()
    {
        using var client = await server.LoggedInAsync();
        var (first, firstRefresh) = (client.AccessToken, client.RefreshToken);
        await client.LogInAsync();
        var second = client.AccessToken;
        await client.LogInAsync();
        using var stranger = await server.LoggedInAsync();

        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, "/auth/sessions", bearer: client.AccessToken)).Status);

        (await client.MeAsync(first)).AssertRefused(401, "session_revoked");
        (await client.MeAsync(second)).AssertRefused(401, "session_revoked");
        (await client.RefreshAsync(firstRefresh)).AssertRefused(400, "session_revoked");
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(200, (await client.RefreshAsync()).Status);
        Assert.Equal(200, (await stranger.MeAsync()).Status);
        var left = (await client.GetAsync("/auth/sessions", client.AccessToken)).Body.GetProperty("sessions");
        Assert.Equal(1, left.GetArrayLength());
        Assert.True(left[0].GetProperty("current").GetBoolean());
        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, "/auth/sessions", bearer: client.AccessToken)).Status);
    }

    /// <summary>What a login sends as <c>User-Agent</c>; the label and the text that the list then has.</summary>
    public static TheoryData<string, string?, string?> UserAgents => new()
    {
        {
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
            "Firefox on Windows",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
        },
        { "<script>alert(1)</script>", "<script>alert(1)</script>", "<script>alert(1)</script>" },
        { "a\tb", "a b", "a b" },
        { "'; DROP TABLE countersign_sessions; --", "'; DROP TABLE countersign_sessions; --", "'; DROP TABLE countersign_sessions; --" },
        { "{User} {0} %s \\u001b[31m", "{User} {0} %s \\u001b[31m", "{User} {0} %s \\u001b[31m" },
        { "caf\u00e9 \u202Egpj.exe \uFEFF\U0001F600", "caf\u00e9 gpj.exe \U0001F600", "caf\u00e9 gpj.exe \U0001F600" },
        { "\u202E", null, null },
        { new string('x', 8192), new string('x', 100), new string('x', 512) },
    };

    [Theory]
    [MemberData(nameof(UserAgents))]
    public async Task LogIn_AnyUserAgent_ListedAsVisibleText(string userAgent, string? label, string? kept)
    {
        using var client = await server.LoggedInAsync();
        using var http = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8 }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login")
        {
            Content = ApiClient.Json(new { username = client.Email, password = client.OwnPassword }),
        };
        Assert.True(request.Headers.TryAddWithoutValidation("User-Agent", userAgent));

        using var response = await http.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        var newest = (await client.GetAsync("/auth/sessions?limit=1", client.AccessToken)).Body.GetProperty("sessions")[0];
        Assert.Equal(label, newest.GetProperty("label").GetString());
        Assert.Equal(kept, newest.GetProperty("user_agent").GetString());
        Assert.Equal("127.0.0.1", newest.GetProperty("ip_address").GetString());
        Assert.NotNull(newest.GetProperty("created_at").GetString());
    }

    [Fact]
    public async Task ChangePassword_CurrentOneRight_EverySessionEndsAndANewOneBegins()
    {
        using var client = await server.LoggedInAsync();
        var before = client.AccessToken;
        var beforeRefresh = client.RefreshToken;
        const string Changed = "another umbrella in orbit";

        (await client.PostAsync("/auth/change-password", new { current_password = "wrong one", new_password = Changed }, before))
            .AssertRefused(400, "invalid_credentials");
        var changed = await client.PostAsync("/auth/change-password", new { current_password = ApiClient.Password, new_password = Changed }, before);

        Assert.Equal(200, changed.Status);
        client.Keep(changed);
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(401, (await client.MeAsync(before)).Status);
        Assert.Equal(400, (await client.RefreshAsync(beforeRefresh)).Status);
        (await client.TryLogInAsync()).AssertRefused(400, "invalid_credentials");
        Assert.Equal(200, (await client.TryLogInAsync(Changed)).Status);
    }

    [Fact]
    public async Task Patch_DisplayName_ChangesThatAndNothingElse()
    {
        using var client = await server.LoggedInAsync();

        var patched = await client.SendAsync(HttpMethod.Patch, "/users/me", ApiClient.Json(new { display_name = "Ada L." }), client.AccessToken);
        var privileged = await client.SendAsync(
            HttpMethod.Patch, "/users/me", ApiClient.Json(new { display_name = "x", roles = new[] { "admin" } }), client.AccessToken);

        Assert.Equal("Ada L.", patched.Text("display_name"));
        privileged.AssertRefused(400, "member_unknown");
        Assert.Equal(patched.Raw, (await client.MeAsync()).Raw);
    }

    [Fact]
    public async Task Delete_OwnAccount_NeedsThePasswordThenNothingIsLeftToUse()
    {
        using var client = await server.LoggedInAsync();

        (await client.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = "wrong one" }), client.AccessToken))
            .AssertRefused(400, "invalid_credentials");
        Assert.Equal(
            204,
            (await client.SendAsync(HttpMethod.Delete, "/users/me", ApiClient.Json(new { current_password = ApiClient.Password }), client.AccessToken)).Status);

        Assert.Equal(401, (await client.MeAsync()).Status);
        Assert.Equal(400, (await client.RefreshAsync()).Status);
        (await client.TryLogInAsync()).AssertRefused(400, "invalid_credentials");
        await client.RegisterAsync();
    }

    [Fact]
    public async Task Roles_GivenByCommand_AreInTheNextToken()
    {
        using var client = await server.LoggedInAsync();

        await server.CommandAsync("users", "role", "add", client.Email, "editor");
        client.Keep(await client.RefreshAsync());

        Assert.Equal("editor", (await client.MeAsync()).Body.GetProperty("roles")[0].GetString());
        var keys = await client.GetAsync("/.well-known/jwks.json");
        Assert.True(JsonWebKeySet.TryRead(System.Text.Encoding.UTF8.GetBytes(keys.Raw), out var set, out var fault), fault);
        var issuer = (await client.GetAsync("/.well-known/openid-configuration")).Text("issuer")!;
        var validator = new TokenValidator(TokenPolicy.Strict(new KeyRing(set), issuer, issuer), TimeProvider.System);
        Assert.True(validator.TryValidate(client.AccessToken, out var claims, out var error), error?.ToString());
        Assert.Equal(["editor"], claims.Roles);
    }

    [Fact]
    public async Task Metadata_BothDocuments_SayTheConfiguredIssuerWhateverTheHostHeader()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "evil.example";
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            using var response = await http.SendAsync(request);
            var answer = await Answer.ReadAsync(response);

            Assert.Equal(200, answer.Status);
            Assert.DoesNotContain("evil", answer.Raw, StringComparison.Ordinal);
            Assert.Equal(server.Address.GetLeftPart(UriPartial.Authority), answer.Text("issuer"));
            Assert.Equal(answer.Text("issuer") + "/.well-known/jwks.json", answer.Text("jwks_uri"));
        }
    }
}

/// <summary>
/// A server on which one address is signed up by many at once: the database refuses all but one, and the framework's part of the log says so.
/// </summary>
public sealed class SessionFlowServer : RunningServer
{
    protected override bool IsExpectedFailure(string line) =>
        line.Contains("INSERT INTO \"AspNetUsers\"", StringComparison.Ordinal)
            || line.Contains("UNIQUE constraint failed: AspNetUsers.", StringComparison.Ordinal);
}
