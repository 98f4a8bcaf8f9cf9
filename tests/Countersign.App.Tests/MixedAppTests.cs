using System.Text.Json;

namespace Countersign.App.Tests;

/// <summary>Controllers and pages take the user as minimal endpoints do, and a cookie beside the token goes on working.</summary>
public sealed class MixedAppTests(MixedApp app) : IClassFixture<MixedApp>
{
    [Fact]
    public async Task Controller_Token_GetsTheUser()
    {
        var ada = await app.LogInAsync();

        Assert.Equal((200, $"\"Notes of {ada.Id}\"", null), await app.SendAsync(HttpMethod.Get, "/notes", token: ada.Token));
        Assert.Equal((200, $"\"Hello, {ada.Id}\"", null), await app.SendAsync(HttpMethod.Get, "/notes/greeting", token: ada.Token));
    }

    /// <summary>The body is the one parameter that <c>[ApiController]</c> reads from it, and the account is not validated.</summary>
    [Fact]
    public async Task Controller_TokenAndBody_GetsTheAccountBesideTheBody()
    {
        var ada = await app.LogInAsync();

        Assert.Equal((200, $"\"{ada.Email}: milk\"", null), await app.SendAsync(HttpMethod.Post, "/notes", new { text = "milk" }, ada.Token));
        Assert.Equal(400, (await app.SendAsync(HttpMethod.Post, "/notes", new { text = new string('x', 101) }, ada.Token)).Status);
        Assert.Equal(401, (await app.SendAsync(HttpMethod.Post, "/notes", new { text = "milk" })).Status);
    }

    [Theory]
    [InlineData("/notes")]
    [InlineData("/profile")]
    public async Task ControllerAndPage_NoToken_AreRefused(string path)
    {
        var ada = await app.LogInAsync();

        foreach (var cookie in new[] { null, ada.Cookie })
        {
            var (status, text, _) = await app.SendAsync(HttpMethod.Get, path, cookie: cookie);
            Assert.Equal(401, status);
            Assert.Equal("credential_missing", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString());
        }
    }

    /// <summary>What a client sends under the parameter's name is not the user.</summary>
    [Fact]
    public async Task Controller_AllowAnonymous_IsNobodyWhateverIsSent() =>
        Assert.Equal((200, "\"Hello\"", null), await app.SendAsync(HttpMethod.Get, "/notes/greeting?user=7&user.UserId=7&UserId=7"));

    [Fact]
    public async Task Page_Token_GetsTheUser()
    {
        var ada = await app.LogInAsync();

        Assert.Contains($"<p>{ada.Id}</p>", (await app.SendAsync(HttpMethod.Get, "/profile", token: ada.Token)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/notes/own", 401)]
    [InlineData("/account", 302)]
    public async Task Authorize_TokenOrCookie_BothAreAccepted(string path, int anonymous)
    {
        var ada = await app.LogInAsync();

        Assert.Contains(ada.Email, (await app.SendAsync(HttpMethod.Get, path, cookie: ada.Cookie)).Text, StringComparison.Ordinal);
        Assert.Contains(ada.Email, (await app.SendAsync(HttpMethod.Get, path, token: ada.Token)).Text, StringComparison.Ordinal);
        Assert.Equal(401, (await app.SendAsync(HttpMethod.Get, path, token: ada.Token + "x")).Status);
        Assert.Equal(anonymous, (await app.SendAsync(HttpMethod.Get, path)).Status);
    }
}
