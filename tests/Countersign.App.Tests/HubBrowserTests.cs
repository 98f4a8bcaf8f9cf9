using Countersign.TestBrowser;
using Countersign.TestServer;
using Microsoft.Playwright;

namespace Countersign.App.Tests;

/// <summary>SignalR's own client for browsers, in Chromium.</summary>
public sealed class HubBrowserTests(MixedApp app, ChromiumBrowser chromium) : IClassFixture<MixedApp>, IClassFixture<ChromiumBrowser>
{
    private const string PagePath = "/chat-page";

    private const string Page = """
        <!doctype html><html lang="en"><title>Chat</title><h1>Chat</h1><ul id="said"></ul>
        <script>
          let connection;
          async function connect(token) {
            connection = new signalR.HubConnectionBuilder().withUrl('/hubs/chat', { accessTokenFactory: () => token }).configureLogging('none').build();
            connection.on('said', (from, text) => {
              const line = document.createElement('li');
              line.textContent = `${from}: ${text}`;
              document.getElementById('said').append(line);
            });
            try { await connection.start(); return 'connected'; } catch (error) { return String(error); }
          }
        </script></html>
        """;

    [Fact]
    public async Task Client_TwoWindows_EachHearsTheAccountThatSpoke()
    {
        var (ada, bob) = (await app.LogInAsync(), await app.LogInAsync());
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var socket = second.Page.WaitForWebSocketAsync();

        Assert.Equal("connected", await ConnectAsync(first, ada.Token));
        Assert.Equal("connected", await ConnectAsync(second, bob.Token));
        await first.Page.EvaluateAsync("connection.invoke('SayAsync', 'Good morning')");
        await second.Page.EvaluateAsync("connection.invoke('SayAsync', 'Good evening')");

        foreach (var visit in new[] { first, second })
        {
            await Assertions.Expect(visit.Page.Locator("#said")).ToContainTextAsync($"{ada.Id}: Good morning");
            await Assertions.Expect(visit.Page.Locator("#said")).ToContainTextAsync($"{bob.Id}: Good evening");
        }

        // The browser can't send a header with a WebSocket, so this is the token in the query.
        Assert.Contains($"access_token={bob.Token}", (await socket).Url, StringComparison.Ordinal);
        await second.KeepAsync("signalr", whole: false);
    }

    [Fact]
    public async Task Client_NoGoodToken_IsRefused()
    {
        var ada = await app.LogInAsync();
        await using var visit = await OpenAsync();

        Assert.Contains("401", await ConnectAsync(visit, "nonsense"), StringComparison.Ordinal);
        Assert.Equal(204, (await app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", token: ada.Token)).Status);
        Assert.Contains("401", await ConnectAsync(visit, ada.Token), StringComparison.Ordinal);
    }

    private static Task<string> ConnectAsync(Visit visit, string token) => visit.Page.EvaluateAsync<string>("token => connect(token)", token);

    private async Task<Visit> OpenAsync()
    {
        var client = Path.Combine(await NodePackages.RequireAsync(), "node_modules/@microsoft/signalr/dist/browser/signalr.min.js");
        var visit = await chromium.VisitAsync(app.Address);
        await visit.Page.RouteAsync("**" + PagePath, static route => route.FulfillAsync(new() { ContentType = "text/html", Body = Page }));
        await visit.OpenAsync(PagePath);
        await visit.Page.AddScriptTagAsync(new() { Path = client });
        return visit;
    }
}
