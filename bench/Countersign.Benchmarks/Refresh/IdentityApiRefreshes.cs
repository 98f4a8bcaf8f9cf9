using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Benchmarks.Measurement;
using Countersign.Harness;

namespace Countersign.Benchmarks.Refresh;

/// <summary>ASP.NET Core Identity's own endpoints on SQLite. Their refresh reads the account and writes nothing, because they store no sessions.</summary>
internal sealed class IdentityApiRefreshes : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServerNode _server;
    private readonly RefreshLoad _load;
    private readonly ServerTime _time;

    private IdentityApiRefreshes(string folder, ServerNode server, RefreshLoad load) =>
        (_folder, _server, _load, _time) = (folder, server, load, new ServerTime(server.Id));

    public static async Task<IdentityApiRefreshes> StartAsync(int clients)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-peer-").FullName;
        var address = Ports.FreeAddress();
        string program = Path.Combine(Repository.Root, "bench", "peers", "MapIdentityApi", "bin", "Release", "net10.0", "MapIdentityApi.dll");
        var command = new ProcessCommand(["dotnet", program, "--urls", address.GetLeftPart(UriPartial.Authority)])
        {
            Folder = folder,
            Core = RefreshSuite.ServerCore,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__Peer"] = $"Data Source={Path.Combine(folder, "peer.db")}",
                ["Keys"] = Path.Combine(folder, "keys"),

                // As in our server: by default it would log several lines for each request.
                ["Logging__LogLevel__Default"] = "Warning",
            },
        };
        var server = new ServerNode("mapidentityapi", address, "/ready", () => command);
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

    /// <summary>Runs a turn that does not count: both sides compile their code.</summary>
    public Task WarmUpAsync(TimeSpan length) => _load.TakeAsync(length);

    public async Task<Sample> TakeAsync(TimeSpan length)
    {
        _time.Start();
        var sample = await _load.TakeAsync(length);
        _time.Add(length, sample);
        return sample;
    }

    /// <summary>Further results, for people.</summary>
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
            tokens[client] = TokenPair.TryRead(JsonElement.Parse(await answer.Content.ReadAsStringAsync()), TokenMembers.Identity)!.Refresh;
        }

        return tokens;
    }
}
