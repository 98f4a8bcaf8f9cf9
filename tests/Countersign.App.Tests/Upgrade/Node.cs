using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Harness;

namespace Countersign.App.Tests.Upgrade;

/// <summary>One process of the app, as it runs in production.</summary>
internal sealed class Node : IAsyncDisposable
{
    private const string Listening = "      Now listening on: ";

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private Node(string name, ChildProcess process, Uri address)
    {
        (Name, _process) = (name, process);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    }

    /// <summary>How the tables call it.</summary>
    public string Name { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <summary>Starts a published app and waits until it listens.</summary>
    /// <param name="name">How the tables call it.</param>
    /// <param name="folder">Where it was published; its working directory too.</param>
    /// <param name="settings">Its settings, as environment variables.</param>
    public static async Task<Node> StartAsync(string name, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var process = ChildProcess.Start(new ProcessCommand(["dotnet", Path.Combine(folder, "Notes.dll")]) { Folder = folder, Environment = settings });
        try
        {
            await process.WaitForLineAsync(Listening, Patience.Limit);
            var line = process.Output.First(static line => line.StartsWith(Listening, StringComparison.Ordinal));
            return new Node(name, process, new Uri(line[Listening.Length..]));
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            var log = process.Log;
            await process.DisposeAsync();
            throw new InvalidOperationException($"{name} did not start:\n{log}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            await _process.StopAsync(Patience.Limit);
        }

        await _process.DisposeAsync();
    }

    /// <summary>Sends a request, with a bearer token or a cookie or neither.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, object? json = null, string? token = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : JsonContent.Create(json) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var body = text.StartsWith('{') || text.StartsWith('[') ? JsonSerializer.Deserialize<JsonElement>(text) : default;
        return new Reply((int)response.StatusCode, body, FindCookie(response));
    }

    public Task<Reply> GetAsync(string path, string? token = null, string? cookie = null) => SendAsync(HttpMethod.Get, path, null, token, cookie);

    public Task<Reply> PostAsync(string path, object json, string? token = null) => SendAsync(HttpMethod.Post, path, json, token);

    /// <summary>Identity's cookie of a person who is logged in. After a login in two steps it sets others too.</summary>
    private static string? FindCookie(HttpResponseMessage response) => response.Headers.TryGetValues("Set-Cookie", out var set)
        ? set.FirstOrDefault(static cookie => cookie.StartsWith(".AspNetCore.Identity.Application=", StringComparison.Ordinal))?.Split(';')[0]
        : null;
}
