using System.Diagnostics;
using System.Globalization;

namespace Countersign.Reliability.Stage;

/// <summary>A web server in a process of its own that can be killed and started again at the same address.</summary>
/// <param name="assembly">The program.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="folder">Where it runs.</param>
/// <param name="environment">Its settings.</param>
/// <param name="address">Where it listens.</param>
/// <param name="readyPath">What answers 200 once it is ready.</param>
/// <param name="core">The only core it may run on; null for any.</param>
internal sealed class ServedProcess(
    string assembly, IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, Uri address, string readyPath, int? core = null) : IAsyncDisposable
{
    /// <summary>Generous: a run that shares its machine must not fail for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _lock = new();
    private readonly Queue<string> _log = new();
    private Process? _process;

    public Uri Address => address;

    /// <summary>The process's id, to read what the system knows of it.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>The last lines that it wrote.</summary>
    public string Log
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Launch();
        await WaitUntilReadyAsync();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Kills it, as <c>kill -9</c> does: it is told nothing.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        using (process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Ends it as an orchestrator does.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process is not { HasExited: false })
            {
                throw new InvalidOperationException($"The server at {address} ended:\n{Log}");
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(address, readyPath));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // Not yet.
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"The server at {address} was not ready in {Patience.TotalSeconds:F0} s:\n{Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    private void Launch()
    {
        string[] command = core is { } number
            ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), "dotnet", assembly, .. arguments]
            : ["dotnet", assembly, .. arguments];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the machine's own may reach the server.
        foreach (string name in info.Environment.Keys.Where(IsOfTheServer).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    private static bool IsOfTheServer(string name) =>
        name.StartsWith("Auth__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name is "SECRET_KEY" or "ALGORITHM" or "ACCESS_TOKEN_EXPIRE_MINUTES" or "REFRESH_TOKEN_EXPIRE_DAYS" or "API_V1_PREFIX" or "DOTNET_ENVIRONMENT" or "URLS";

    private void Keep(string? line)
    {
        const int kept = 200;
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _log.Enqueue(line);
            if (_log.Count > kept)
            {
                _log.Dequeue();
            }
        }
    }
}
