using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Countersign.TestServer;

/// <summary>The server's own process, as an operator starts it, with a directory of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];

    private ServerProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>How many lines of standard output say that the server runs; what comes after them is a trace.</summary>
    public int AnnouncedLines { get; private set; }

    /// <summary>Starts a server on a free port and waits until it has said where it is.</summary>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="umask">The umask that it starts with, in octal; null for that of the tests.</param>
    public static async Task<ServerProcess> StartAsync(string directory, IReadOnlyDictionary<string, string>? environment = null, string? umask = null)
    {
        var info = StartInfo(directory, ["serve", "--urls", "http://127.0.0.1:0"], environment);
        if (umask is not null)
        {
            string[] command = [info.FileName, .. info.ArgumentList];
            info.FileName = "/bin/sh";
            info.ArgumentList.Clear();
            foreach (var argument in (string[])["-c", $"umask {umask}; exec \"$@\"", "sh", .. command])
            {
                info.ArgumentList.Add(argument);
            }
        }

        var server = await StartAsync(info, "Try ");
        server.AnnouncedLines = server.Lines.Count;
        server.Address = new Uri(ListeningOn().Match(string.Join('\n', server.Lines)).Groups["address"].Value);
        return server;
    }

    /// <summary>Starts a server and gives it while it is still starting: once it has said its mode, before it opens the database.</summary>
    public static Task<ServerProcess> BeginAsync(string directory) =>
        StartAsync(StartInfo(directory, ["serve", "--urls", "http://127.0.0.1:0"], environment: null), "Mode: ");

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string directory, string[] arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Process.Start(StartInfo(directory, arguments, environment))!;
        using var patience = new CancellationTokenSource(Patience.Limit);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Ends the server as an orchestrator does, and gives its exit code and log.</summary>
    public async Task<(int ExitCode, string Log)> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using var patience = new CancellationTokenSource(Patience.Limit);
        _lines.AddRange((await _process.StandardOutput.ReadToEndAsync(patience.Token)).Split('\n'));
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _error);
    }

    private static async Task<ServerProcess> StartAsync(ProcessStartInfo info, string beginning)
    {
        var server = new ServerProcess(Process.Start(info)!);
        try
        {
            await server.ReadToLineAsync(beginning);
            return server;
        }
        catch
        {
            // Nobody else will ever hold it.
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task ReadToLineAsync(string beginning)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("The server ended: " + await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string directory, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "countersign.dll"), .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the machine's own may reach the server.
        foreach (var name in info.Environment.Keys.Where(IsOfTheServer).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static bool IsOfTheServer(string name) =>
        name.StartsWith("Auth__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name is "SECRET_KEY" or "ALGORITHM" or "ACCESS_TOKEN_EXPIRE_MINUTES" or "REFRESH_TOKEN_EXPIRE_DAYS" or "API_V1_PREFIX" or "DOTNET_ENVIRONMENT" or "URLS";

    [GeneratedRegex(@"^Listening on (?<address>http://\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningOn();
}
