using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Nodes;

/// <summary>One process of a server on a port of its own on loopback, which it keeps when it is started again.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Wire _wire;
    private readonly Func<NodePlan> _plan;
    private readonly Clocks? _clocks;
    private readonly string _folder;
    private Process? _process;

    public Node(string name, Wire wire, Func<NodePlan> plan, Clocks? clocks, string folder)
    {
        Name = name;
        _wire = wire;
        _plan = plan;
        _clocks = clocks;
        _folder = folder;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
    }

    public string Name { get; }

    public Uri Address { get; }

    private string LogFile => Path.Combine(_folder, $"{Name}.log");

    private string ProcessFile => Path.Combine(_folder, $"{Name}.pid");

    /// <summary>Starts the process and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(StartInfo("--urls", Address.ToString().TrimEnd('/')))!;
        File.WriteAllText(ProcessFile, _process.Id.ToString(CultureInfo.InvariantCulture));
        long started = Stopwatch.GetTimestamp();
        while (!await _wire.IsReadyAsync(Address))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartPatience)
            {
                throw new InvalidOperationException($"{_wire.Server.Title} did not start:\n{string.Join('\n', File.ReadLines(LogFile).TakeLast(20))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Runs a command of the server on the node's data, as an operator does beside the running node.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task RunAsync(IReadOnlyList<string> command)
    {
        using var process = Process.Start(StartInfo([.. command]))!;
        using var patience = new CancellationTokenSource(StartPatience);
        await process.WaitForExitAsync(patience.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{string.Join(' ', command)}' failed:\n{string.Join('\n', File.ReadLines(LogFile).TakeLast(20))}");
        }
    }

    /// <summary>Sends SIGKILL; there is no process left when it returns.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            Forget(process);
        }
    }

    /// <summary>Sends SIGKILL and does not wait: for the moment between two messages.</summary>
    public void KillNow() => _process?.Kill();

    /// <summary>Ends it as an operator does.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            Forget(process);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private ProcessStartInfo StartInfo(params string[] arguments)
    {
        // The shell only sends the output to a file, which a full pipe could not stop, and becomes the server.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", LogFile, "dotnet", _wire.Server.Assembly, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };

        // Nothing of the machine's own may reach the server.
        foreach (string name in info.Environment.Keys.Where(IsOfTheServer).ToList())
        {
            info.Environment.Remove(name);
        }

        _wire.Server.Configure(info, _plan());
        foreach (var (name, value) in _clocks?.EnvironmentOf(Name) ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private void Forget(Process process)
    {
        process.Dispose();
        File.Delete(ProcessFile);
        _process = null;
    }

    private static bool IsOfTheServer(string name) =>
        name.StartsWith("Auth__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name is "SECRET_KEY" or "ALGORITHM" or "ACCESS_TOKEN_EXPIRE_MINUTES" or "REFRESH_TOKEN_EXPIRE_DAYS" or "API_V1_PREFIX" or "DOTNET_ENVIRONMENT" or "URLS";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
