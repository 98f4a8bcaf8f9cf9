using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using Countersign.Harness;

namespace Countersign.Bearer.Aot.Tests;

/// <summary>The package in a resource server that is compiled ahead of time, beside a running server.</summary>
public sealed class NativeAppTests : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Trait(Suite.Name, Suite.All)]
    public async Task Publish_ResourceServer_AcceptsAndRefusesTheTokensOfARunningServer()
    {
        await PublishAsync("app");
        await using var server = await ServerProcess.StartAsync(Directory.CreateDirectory(_directory.File("server")).FullName);
        using var account = new ApiClient(server.Address);
        var userId = (await account.RegisterAsync()).Text("id")!;
        await account.LogInAsync();

        var start = Stopwatch.GetTimestamp();
        await using var app = ChildProcess.Start(new ProcessCommand([Path.Combine(_directory.File("app"), "Countersign.Bearer.Aot")])
        {
            Folder = _directory.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Authentication__Schemes__Countersign__Authority"] = server.Address.GetLeftPart(UriPartial.Authority),
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        });
        await app.WaitForLineAsync("      " + Listening, Patience.Limit);
        TestContext.Current.TestOutputHelper?.WriteLine($"Listening {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms after its start.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{new FileInfo(_directory.File("app/Countersign.Bearer.Aot")).Length / 1e6:F1} MB.");
        var address = app.Output.First(static line => line.Contains(Listening, StringComparison.Ordinal)).Split(Listening)[1];
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        Assert.Equal((HttpStatusCode.OK, $"Hello, {userId}"), await GetAsync(http, "/hello", account.AccessToken));
        var (forbidden, problem) = await GetAsync(http, "/admin", account.AccessToken);
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (forbidden, CodeOf(problem)));
        var (missing, none) = await GetAsync(http, "/hello", token: null);
        Assert.Equal((HttpStatusCode.Unauthorized, "credential_missing"), (missing, CodeOf(none)));
        var (forged, refusal) = await GetAsync(http, "/hello", $"{account.AccessToken[..^8]}AAAAAAAA");
        Assert.Equal((HttpStatusCode.Unauthorized, "token_signature_invalid"), (forged, CodeOf(refusal)));
    }

    /// <summary>Everything of the packages is compiled, not only what the app happens to call.</summary>
    [Fact]
    [Trait(Suite.Name, Suite.All)]
    public Task Publish_WithTheWholePackages_HasNoWarning() => PublishAsync("whole", "-p:Whole=true");

    [Fact]
    public void Package_IsMarkedAsTrimmableAndCompatible()
    {
        var marks = typeof(BearerToken).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToDictionary(static mark => mark.Key, static mark => mark.Value, StringComparer.Ordinal);

        Assert.Equal("True", marks["IsTrimmable"]);
        Assert.Equal("True", marks["IsAotCompatible"]);
    }

    private static string? CodeOf(string problem) => JsonElement.Parse(problem).GetProperty("code").GetString();

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient http, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task PublishAsync(string folder, params string[] arguments) =>
        NativeApp.PublishAsync("Countersign.Bearer.Aot", _directory.File(folder), arguments);
}
