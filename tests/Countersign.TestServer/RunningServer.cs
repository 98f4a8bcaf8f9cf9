
namespace Countersign.TestServer;

/// <summary>A server in a process of its own, which the tests of a class share: cheap hashes, no limit on what one address may ask for.</summary>
public class RunningServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private ServerProcess _process = null!;

    /// <summary>The server's database file.</summary>
    public string Database => Path.Combine(DataDirectory, "countersign.db");

    /// <summary>Where the server keeps what it keeps.</summary>
    public string DataDirectory => _directory.File("data");

    /// <summary>Where the server listens.</summary>
    public Uri Address => _process.Address;

    /// <summary>What the server is configured with.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } = Settings();

    public virtual async ValueTask InitializeAsync() => _process = await ServerProcess.StartAsync(_directory.Path, Environment);

    public virtual async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client of the server's routes.</summary>
    internal ApiClient Client() => new(_process.Address);

    /// <summary>A client with an account and a session of its own.</summary>
    internal async Task<ApiClient> LoggedInAsync()
    {
        var client = Client();
        await client.RegisterAsync();
        await client.LogInAsync();
        return client;
    }

    /// <summary>Runs a command of the server beside it.</summary>
    internal async Task CommandAsync(params string[] arguments)
    {
        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, arguments, environment: Environment);
        Assert.True(exitCode == 0, error);
    }

    /// <summary>The common settings, and more.</summary>
    protected static IReadOnlyDictionary<string, string> Settings(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Auth__Passwords__Cost"] = "10",
            ["Auth__Passwords__NetworkShare"] = "1",
            ["Auth__Passwords__QueueLimit"] = "00:00:30",
            ["Auth__Passwords__Deadline"] = "00:00:30",
            ["Auth__Guessing__PerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RegistrationsPerNetworkPerMinute"] = "100000",
            ["Auth__Limits__RefreshesPerNetworkPerMinute"] = "10000000",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}
