namespace Countersign.Server.Tests.Http;

/// <summary>RFC 7009 over HTTP, rule by rule.</summary>
public sealed class RevocationTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string PublicClient = "&client_id=countersign";

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "&token_type_hint=access_token")]
    [InlineData(true, "&token_type_hint=access_token")]
    [InlineData(false, "&token_type_hint=refresh_token")]
    [InlineData(true, "&token_type_hint=refresh_token")]
    [InlineData(false, "&token_type_hint=nonsense")]
    [InlineData(true, "&token_type_hint=nonsense")]
    public async Task O16_O18_EitherToken_AnyHint_EndsTheSession(bool isRefresh, string hint)
    {
        using var user = await server.LoggedInAsync();
        var token = isRefresh ? user.RefreshToken : user.AccessToken;

        var answer = await server.RevokeAsync(token, hint, ClientServer.Api);

        Assert.Equal((200, "", "no-store"), (answer.Status, answer.Raw, answer.CacheControl));
        await AssertDeadAsync(user);
        Assert.Equal(ClientServer.Whole(answer), ClientServer.Whole(await server.RevokeAsync(token, hint, ClientServer.Api)));
        Assert.Equal(
            ClientServer.Whole(answer), ClientServer.Whole(await server.RevokeAsync(isRefresh ? user.AccessToken : user.RefreshToken, hint, ClientServer.Api)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C45_PublicClient_ByPossessionOfTheToken_EndsTheSession(bool isRefresh)
    {
        using var user = await server.LoggedInAsync();
        using var other = await server.LoggedInAsync();

        var answer = await server.RevokeAsync(isRefresh ? user.RefreshToken : user.AccessToken, PublicClient);

        Assert.Equal((200, ""), (answer.Status, answer.Raw));
        await AssertDeadAsync(user);
        Assert.Equal(200, (await other.MeAsync()).Status);
    }

    [Fact]
    public async Task Revoke_OneOfTwoSessions_LeavesTheOther()
    {
        using var user = await server.LoggedInAsync();
        var first = (user.AccessToken, user.RefreshToken);
        await user.LogInAsync();

        await server.RevokeAsync(user.RefreshToken, authorization: ClientServer.Api);

        await AssertDeadAsync(user);
        Assert.Equal(200, (await user.MeAsync(first.AccessToken)).Status);
        Assert.Equal(200, (await user.RefreshAsync(first.RefreshToken)).Status);
    }

    [Fact]
    public async Task Revoke_TokenThatRotationHasReplaced_EndsTheSession()
    {
        using var user = await server.LoggedInAsync();
        var replaced = user.RefreshToken;
        user.Keep(await user.RefreshAsync());

        Assert.Equal(200, (await server.RevokeAsync(replaced, PublicClient)).Status);

        await AssertDeadAsync(user);
        (await user.RefreshAsync(replaced)).AssertRefused(400, "session_revoked");
    }

    [Fact]
    public async Task Revoke_LiveSession_LeavesOneLineInTheAuditTable()
    {
        using var user = await server.LoggedInAsync();
        var sub = (await user.MeAsync()).Text("id");
        await server.RevokeAsync(user.AccessToken, authorization: ClientServer.Api);
        await server.RevokeAsync(user.AccessToken, authorization: ClientServer.Api);
        await server.RevokeAsync(user.RefreshToken, PublicClient);

        Assert.Equal(1, await Sqlite.CountAsync(
            server.Database,
            $"""
             SELECT count(*) FROM countersign_security_events
             WHERE kind = 'token_revoked' AND user_id = '{sub}' AND ip_address = '127.0.0.1' AND detail = 'client api' AND session_id IS NOT NULL
             """));
        Assert.Equal(1, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM countersign_security_events WHERE user_id = '{sub}'"));
        Assert.Equal(1, await Sqlite.CountAsync(server.Database, $"SELECT count(*) FROM countersign_sessions WHERE user_id = '{sub}' AND revoked_reason = 10"));
    }

    [Fact]
    public async Task O16_O17_WhatIsNotTheCallers_IsTheSameAnswerAndNoEffect()
    {
        using var user = await server.LoggedInAsync();
        using var ended = await server.LoggedInAsync();
        await ended.PostAsync("/auth/logout", bearer: ended.AccessToken);
        var state = await StateAsync();
        (string Name, string Token, string More, string? Client)[] rows =
        [
            ("nonsense", "nonsense", "", ClientServer.Api),
            ("nonsense, public client", "nonsense", PublicClient, null),
            ("dots", "...", "", ClientServer.Api),
            ("spaces around", $" {user.RefreshToken} ", "", ClientServer.Api),
            ("none algorithm", "eyJhbGciOiJub25lIn0.e30.", "", ClientServer.Api),
            ("9 KiB", new string('a', 9000), "", ClientServer.Api),
            ("over already", ended.AccessToken, "", ClientServer.Api),
            ("over already, refresh", ended.RefreshToken, PublicClient, null),
            ("client of another audience", user.AccessToken, "", ClientServer.Elsewhere),
            ("client of another audience, refresh", user.RefreshToken, "", ClientServer.Elsewhere),
        ];
        foreach (var (name, token, more, client) in rows)
        {
            var answer = await server.RevokeAsync(token, more, client);

            Assert.True(
                answer is { Status: 200, Raw: "", ContentType: null, CacheControl: "no-store", Challenge: null }, $"{name}: {answer.Status} {answer.Raw}");
        }

        Assert.Equal(state, await StateAsync());
        Assert.Equal(200, (await user.MeAsync()).Status);
        Assert.Equal(200, (await user.RefreshAsync()).Status);
    }

    /// <summary>Changes every character, cuts at every length, and adds a little.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task O16_TokenChangedAnywhere_NoEffect(bool isRefresh)
    {
        using var user = await server.LoggedInAsync();
        var token = isRefresh ? user.RefreshToken : user.AccessToken;
        var state = await StateAsync();
        var places = Enumerable.Range(0, token.Length).ToList();
        var changed = places.Select(place => token[..place] + (token[place] == 'A' ? 'B' : 'A') + token[(place + 1)..])
            .Concat(places.Skip(1).Select(place => token[..place]))
            .Concat([token + "A", token + "=", token + ".", "." + token]);
        await Parallel.ForEachAsync(changed, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (text, _) =>
        {
            var asked = await server.IntrospectAsync(text, "&token_type_hint=refresh_token");
            var revoked = await server.RevokeAsync(text, authorization: ClientServer.Api);
            Assert.Equal("""{"active":false}""", asked.Raw);
            Assert.Equal((200, ""), (revoked.Status, revoked.Raw));
        });

        Assert.Equal(state, await StateAsync());
        Assert.Equal(200, (await user.MeAsync()).Status);
        Assert.Equal(200, (await user.RefreshAsync()).Status);
    }

    private async Task AssertDeadAsync(ApiClient user)
    {
        (await user.MeAsync()).AssertRefused(401, "session_revoked");
        (await user.RefreshAsync()).AssertRefused(400, "session_revoked");
        Assert.Equal(401, (await user.PostAsync("/auth/logout", bearer: user.AccessToken)).Status);
        Assert.Equal("""{"active":false}""", (await server.IntrospectAsync(user.AccessToken)).Raw);
        Assert.Equal("""{"active":false}""", (await server.IntrospectAsync(user.RefreshToken, "&token_type_hint=refresh_token")).Raw);
    }

    private async Task<(long, long, long)> StateAsync() => (
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_sessions WHERE revoked_at IS NULL"),
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_revocations"),
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_security_events"));
}
