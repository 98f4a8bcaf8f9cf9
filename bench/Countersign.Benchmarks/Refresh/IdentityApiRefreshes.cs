using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Benchmarks.Measurement;
using Countersign.Reliability.Stage;

namespace Countersign.Benchmarks.Refresh;

/// <summary>ASP.NET Core Identity's own endpoints on SQLite: their refresh reads the account and writes nothing, since nothing is kept of a session.</summary>
internal sealed class IdentityApiRefreshes : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServedProcess _server;
    private readonly RefreshLoad _load;
    private readonly ServerTime _time;

    private IdentityApiRefreshes(string folder, ServedProcess server, RefreshLoad load) =>
        (_folder, _server, _load, _time) = (folder, server, load, new ServerTime(server.Id));

    public static async Task<IdentityApiRefreshes> StartAsync(int clients)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-peer-").FullName;
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var server = new ServedProcess(
            Path.Combine(Repository.Root, "bench", "peers", "MapIdentityApi", "bin", "Release", "net10.0", "MapIdentityApi.dll"),
            ["--urls", address.GetLeftPart(UriPartial.Authority)],
            folder,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__Peer"] = $"Data Source={Path.Combine(folder, "peer.db")}",
                ["Keys"] = Path.Combine(folder, "keys"),

                // As ours: by default it would write several lines for each request.
                ["Logging__LogLevel__Default"] = "Warning",
            },
            address,
            "/ready",
            RefreshSuite.ServerCore);
        try
        {
            await server.StartAsync();
            return new IdentityApiRefreshes(folder, server, new RefreshLoad(new Uri(address, "/refresh"), "refreshToken", await LogInAsync(address, clients)));
        }
        catch
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A turn that counts for nothing: both sides compile what they will run.</summary>
    public Task WarmUpAsync(TimeSpan length) => _load.TakeAsync(length);

    public async Task<Sample> TakeAsync(TimeSpan length)
    {
        _time.Start();
        var sample = await _load.TakeAsync(length);
        _time.Add(length, sample);
        return sample;
    }

    /// <summary>What else was seen, for people.</summary>
    public string Remarks => $"mapidentityapi: {_time}; generator at most {_load.BusiestGenerator:P0} of its core";

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string[]> LogInAsync(Uri address, int clients)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var tokens = new string[clients];
        for (int client = 0; client < clients; client++)
        {
            var account = new { email = $"u{client}@example.com", password = "Violet umbrella orbit 1" };
            using var registered = await http.PostAsJsonAsync("/register", account);
            registered.EnsureSuccessStatusCode();
            using var answer = await http.PostAsJsonAsync("/login", account);
            answer.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            tokens[client] = document.RootElement.GetProperty("refreshToken").GetString()!;
        }

        return tokens;
    }
}
