using System.Diagnostics;
using System.Globalization;

namespace Countersign.Harness;

/// <summary>A web server in a separate process. It keeps its address when it is stopped or killed and started again.</summary>
/// <param name="name">The name of the node.</param>
/// <param name="address">The address on which it listens.</param>
/// <param name="readyPath">The path that answers 200 once the node is ready.</param>
/// <param name="command">Makes the command, at each start.</param>
public sealed class ServerNode(string name, Uri address, string readyPath, Func<ProcessCommand> command) : IAsyncDisposable
{
    private const int KeptLines = 200;

    /// <summary>Long, so that a run on a busy machine does not fail.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private ChildProcess? _process;

    public string Name => name;

    public Uri Address => address;

    /// <summary>A file with the process's id while it runs, for a script that ends it if this process could not; null for none.</summary>
    public string? ProcessFile { get; init; }

    /// <summary>The id of the process.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException($"{name} does not run.");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        long started = Stopwatch.GetTimestamp();
        _process = ChildProcess.Start(command(), KeptLines);
        if (ProcessFile is { } file)
        {
            await File.WriteAllTextAsync(file, _process.Id.ToString(CultureInfo.InvariantCulture));
        }

        await WaitUntilReadyAsync();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took too long.</exception>
    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        long started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(http))
        {
            if (_process is not { HasExited: false })
            {
                throw new InvalidOperationException($"{name} at {address} ended:\n{_process?.Log}");
            }

            if (Stopwatch.GetElapsedTime(started) > StartPatience)
            {
                throw new InvalidOperationException($"{name} at {address} was not ready in {StartPatience.TotalSeconds:F0} s:\n{_process.Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Ends it like an orchestrator. If it does not end in time, it is killed.</summary>
    public async Task StopAsync()
    {
        try
        {
            await (_process?.StopAsync(StopPatience) ?? Task.FromResult(0));
        }
        catch (TimeoutException)
        {
            // Killed below.
        }

        await KillAsync();
    }

    /// <summary>Sends SIGKILL. No process is left when this returns.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
            if (ProcessFile is { } file)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Sends SIGKILL and does not wait: for the moment between two messages.</summary>
    public void KillNow() => _process?.Kill();

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, readyPath));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
