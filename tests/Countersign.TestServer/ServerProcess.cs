using Countersign.Harness;

namespace Countersign.TestServer;

/// <summary>The server's own process, as an operator starts it, with a directory of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string LastAnnouncement = "Try ";
    private const string ListeningOn = "Listening on ";

    private static readonly string[] Serve = ["serve", "--urls", "http://127.0.0.1:0"];

    private readonly ChildProcess _process;

    private ServerProcess(ChildProcess process) => _process = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Lines => _process.Output;

    /// <summary>How many lines of standard output say that the server runs; what comes after them is a trace.</summary>
    public int AnnouncedLines => Lines.TakeWhile(static line => !line.StartsWith(LastAnnouncement, StringComparison.Ordinal)).Count() + 1;

    /// <summary>Starts a server on a free port and waits until it has said where it is.</summary>
    /// <param name="directory">Its working directory.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="umask">The umask that it starts with, in octal; null for that of the tests.</param>
    public static async Task<ServerProcess> StartAsync(string directory, IReadOnlyDictionary<string, string>? environment = null, string? umask = null)
    {
        var server = await StartAsync(Command(directory, Serve, environment, umask), LastAnnouncement);
        server.Address = new Uri(server.Lines.First(static line => line.StartsWith(ListeningOn + "http://", StringComparison.Ordinal))[ListeningOn.Length..]);
        return server;
    }

    /// <summary>Starts a server and gives it while it is still starting: once it has said its mode, before it opens the database.</summary>
    public static Task<ServerProcess> BeginAsync(string directory) => StartAsync(Command(directory, Serve), "Mode: ");

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        string directory, string[] arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null) =>
        Command(directory, arguments, environment).RunAsync(input, Patience.Limit);

    /// <summary>Ends the server as an orchestrator does, and gives its exit code and log.</summary>
    public async Task<(int ExitCode, string Log)> StopAsync()
    {
        int exitCode = await _process.StopAsync(Patience.Limit);
        return (exitCode, string.Concat(_process.Error.Select(static line => line + "\n")));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<ServerProcess> StartAsync(ProcessCommand command, string beginning)
    {
        var process = ChildProcess.Start(command);
        try
        {
            await process.WaitForLineAsync(beginning, Patience.Limit);
            return new ServerProcess(process);
        }
        catch
        {
            // Nobody else will ever hold it.
            await process.DisposeAsync();
            throw;
        }
    }

    private static ProcessCommand Command(string directory, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? umask = null)
    {
        string[] server = ["dotnet", Path.Combine(AppContext.BaseDirectory, "countersign.dll"), .. arguments];
        string[] line = umask is null ? server : ["/bin/sh", "-c", $"umask {umask}; exec \"$@\"", "sh", .. server];
        return new ProcessCommand(line) { Folder = directory, Environment = environment ?? new Dictionary<string, string>(StringComparer.Ordinal) };
    }
}
