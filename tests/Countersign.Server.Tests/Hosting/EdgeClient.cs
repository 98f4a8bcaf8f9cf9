using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Tests.Hosting;

/// <summary>Requests with any header, from any address of this machine: 127.0.0.2 is another network than 127.0.0.1, and reaches the same server.</summary>
internal sealed class EdgeClient : IDisposable
{
    private readonly HttpClient _http;

    public EdgeClient(Uri address, string from = "127.0.0.1")
        : this(address, async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        })
    {
    }

    private EdgeClient(Uri address, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = connect }) { BaseAddress = address };

    /// <summary>A client of a socket in the file system.</summary>
    public static EdgeClient OfSocket(string file) => new(new Uri("http://localhost"), async (_, cancellationToken) =>
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(file), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    });

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a body as JSON, or none, with headers given as name and value.</summary>
    public Task<EdgeAnswer> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendContentAsync(method, path, body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), headers);

    /// <summary>Sends a body of any kind.</summary>
    public async Task<EdgeAnswer> SendContentAsync(string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        using var response = await _http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new EdgeAnswer((int)response.StatusCode, all, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>An answer with all of its headers.</summary>
internal sealed record EdgeAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public JsonElement Json => JsonElement.Parse(Text);

    public string? Code =>
        this["Content-Type"]?.EndsWith("json", StringComparison.Ordinal) == true && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Member(string name) => Json.GetProperty(name).GetString()!;

    /// <summary>Everything that the client gets to see.</summary>
    public string Whole => string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}")) + "\n\n" + Text;
}
