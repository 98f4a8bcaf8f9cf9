using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Countersign.App.Tests;

/// <summary>A SignalR hub with tokens, over each transport.</summary>
public sealed class HubTests(MixedApp app) : IClassFixture<MixedApp>
{
    private const char EndOfMessage = '\u001e';

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task GetCurrentUser_Token_IsItsAccount(HttpTransportType transport)
    {
        var ada = await app.LogInAsync();
        await using var connection = await ConnectAsync(ada.Token, transport);

        Assert.Equal(ada.Id, await connection.InvokeAsync<string>("WhoAmI", TestContext.Current.CancellationToken));
    }

    /// <summary>What SignalR's client in a browser does, where a WebSocket has no headers.</summary>
    [Fact]
    public async Task WebSocket_TokenInTheQuery_IsAccepted()
    {
        var ada = await app.LogInAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address($"?access_token={ada.Token}"), TestContext.Current.CancellationToken);

        await SendAsync(socket, "{\"protocol\":\"json\",\"version\":1}");
        Assert.Equal("{}", await ReceiveAsync(socket));
        await SendAsync(socket, "{\"type\":1,\"invocationId\":\"1\",\"target\":\"WhoAmI\",\"arguments\":[]}");
        Assert.Contains($"\"result\":\"{ada.Id}\"", await ReceiveAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_NoGoodToken_IsRefused()
    {
        var ada = await app.LogInAsync();

        Assert.Equal(401, await RefusalAsync("", null));
        Assert.Equal(401, await RefusalAsync("?access_token=nonsense", null));
        Assert.Equal(401, await RefusalAsync("", ada.Cookie));
    }

    [Fact]
    public async Task Connection_TokenExpires_IsClosed()
    {
        var ada = await app.LogInAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await ConnectAsync(app.ShortToken(ada.Id, TimeSpan.FromSeconds(5)), HttpTransportType.WebSockets);
        connection.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        await closed.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
    }

    private async Task<HubConnection> ConnectAsync(string token, HttpTransportType transport)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(app.Address, "/hubs/chat"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private Uri Address(string query) => new UriBuilder(app.Address) { Scheme = "ws", Path = "/hubs/chat", Query = query }.Uri;

    private async Task<int> RefusalAsync(string query, string? cookie)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (cookie is not null)
        {
            socket.Options.SetRequestHeader("Cookie", cookie);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(query), TestContext.Current.CancellationToken));
        Assert.NotEqual(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
        return (int)socket.HttpStatusCode;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message + EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count).Split(EndOfMessage)[0];
    }
}
