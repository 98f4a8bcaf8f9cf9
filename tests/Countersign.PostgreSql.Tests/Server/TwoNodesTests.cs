using Countersign.TestServer;

namespace Countersign.PostgreSql.Tests.Server;

public sealed class TwoNodesTests : IClassFixture<TwoNodes>
{
    private readonly TwoNodes _nodes;

    public TwoNodesTests(TwoNodes nodes)
    {
        Assert.SkipUnless(TestPostgreSql.IsAvailable, TestPostgreSql.UnavailableReason ?? string.Empty);
        _nodes = nodes;
    }

    [Fact]
    public async Task Start_BothAtOnceOnAnEmptyDatabase_MigratedOnce() =>
        Assert.Equal(1L, await _nodes.Database.ScalarAsync<long>("""SELECT count(*) FROM "__EFMigrationsHistory" """));

    [Fact]
    public async Task Flow_AcrossBothNodes_IsOneService()
    {
        using var user = _nodes.One.Client();
        await user.RegisterAsync();
        Assert.Equal(409, (await user.PostAsync("/auth/register", new { email = user.Email, password = user.OwnPassword })).Status);
        Assert.Equal(400, (await user.TryLogInAsync(password: "not this one at all")).Status);
        await user.LogInAsync();

        using var elsewhere = _nodes.Other.Client();
        var next = await elsewhere.RefreshAsync(user.RefreshToken);
        Assert.True(next.Status == 200, next.Raw);
        elsewhere.Keep(next);
        Assert.Equal(2, (await user.RefreshAsync()).Number("refresh_generation"));
        Assert.Equal(200, (await elsewhere.MeAsync()).Status);
        var renamed = await elsewhere.SendAsync(HttpMethod.Patch, "/users/me", ApiClient.Json(new { display_name = "Ada" }), elsewhere.AccessToken);
        Assert.Equal(200, renamed.Status);
        Assert.Equal("Ada", (await user.MeAsync()).Text("display_name"));
        Assert.Equal(1, (await user.GetAsync("/auth/sessions", user.AccessToken)).Body.GetProperty("sessions").GetArrayLength());

        Assert.Equal(204, (await elsewhere.PostAsync("/auth/logout", bearer: elsewhere.AccessToken)).Status);
        Assert.Equal(401, (await elsewhere.MeAsync()).Status);
        Assert.Equal(400, (await user.RefreshAsync(elsewhere.RefreshToken)).Status);
    }

    [Fact]
    public async Task Refresh_OneTokenOnBothNodesAtOnce_OneSuccessorForAll()
    {
        using var user = await _nodes.One.LoggedInAsync();
        using var elsewhere = _nodes.Other.Client();

        // Beyond the stand, so that the token rotates: the row is made older.
        await _nodes.Database.ExecuteAsync("UPDATE countersign_sessions SET refreshed_at = refreshed_at - 10 * 60 * 10000000::bigint");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? user : elsewhere).RefreshAsync(user.RefreshToken)));

        Assert.All(answers, static answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers.Select(static answer => answer.Text("refresh_token")).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/auth/login", """{"username":"a\u0000b","password":"correct horse battery"}""")]
    [InlineData("/auth/login", """{"username":"a\ud800b","password":"correct horse battery"}""")]
    [InlineData("/auth/register", """{"email":"a\u0000b@example.com","password":"correct horse battery"}""")]
    [InlineData("/auth/register", """{"email":"a@exam\ud800ple.com","password":"correct horse battery"}""")]
    [InlineData("/auth/refresh", """{"refresh_token":"a\u0000b"}""")]
    public async Task Text_ThatPostgreSqlDoesNotHold_IsTheClientsFault(string path, string body)
    {
        using var client = _nodes.One.Client();

        Assert.InRange((await client.SendAsync(HttpMethod.Post, path, ApiClient.Raw(body))).Status, 400, 499);
    }

    [Theory]
    [InlineData("\\u0000x")]
    [InlineData("x\\ud800")]
    public async Task DisplayName_ThatPostgreSqlDoesNotHold_IsTheClientsFault(string name)
    {
        using var user = await _nodes.One.LoggedInAsync();

        var answer = await user.SendAsync(HttpMethod.Patch, "/users/me", ApiClient.Raw($$"""{"display_name":"{{name}}"}"""), user.AccessToken);

        Assert.InRange(answer.Status, 400, 499);
    }

    [Fact]
    public async Task Commands_BesideTheServers_WorkOnTheSameAccounts()
    {
        using var user = await _nodes.One.LoggedInAsync();

        await _nodes.One.CommandAsync("migrate");
        await _nodes.One.CommandAsync("users", "list");
        await _nodes.One.CommandAsync("users", "deactivate", user.Email);

        Assert.Equal(400, (await user.RefreshAsync()).Status);
    }
}
