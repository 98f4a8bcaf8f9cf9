using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Countersign.Harness;

/// <summary>
/// A PostgreSQL cluster that can be stopped, killed and started again on the same port. <c>eng/postgresql</c> does the work. The cluster always ends with this
/// process.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly IReadOnlyList<string> _parameters;
    private readonly int? _core;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private PostgreSqlCluster(string folder, IReadOnlyList<string> parameters, int? core, IReadOnlyDictionary<string, string> environment) =>
        (Folder, _parameters, _core, _environment) = (folder, parameters, core, environment);

    /// <summary>Whether PostgreSQL's programs are installed: in Debian's place or in PATH.</summary>
    public static bool IsInstalled =>
        Directory.Exists("/usr/lib/postgresql")
        || Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(static folder => File.Exists(Path.Combine(folder, "postgres"))) == true;

    public string Folder { get; }

    /// <summary>An Npgsql connection string without a database.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    private int MainProcessId => int.Parse(File.ReadLines(Path.Combine(Folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="parameters">Parameters of the server, as <c>name=value</c>, beside the defaults.</param>
    /// <param name="folder">The folder of the cluster, which is deleted at the end; null for a temporary folder.</param>
    /// <param name="core">The only core that it may run on; null for any.</param>
    /// <param name="environment">Environment variables of its processes.</param>
    /// <exception cref="InvalidOperationException">It could not be started; the message says why.</exception>
    public static async Task<PostgreSqlCluster> StartAsync(
        IReadOnlyList<string>? parameters = null, string? folder = null, int? core = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        folder ??= Directory.CreateTempSubdirectory("countersign-postgresql-").FullName;
        var cluster = new PostgreSqlCluster(folder, parameters ?? [], core, environment ?? new Dictionary<string, string>(StringComparer.Ordinal));
        try
        {
            await cluster.StartAgainAsync();
            return cluster;
        }
        catch
        {
            cluster.DeleteFolder();
            throw;
        }
    }

    /// <summary>Starts it again with the same settings.</summary>
    public async Task StartAgainAsync()
    {
        string id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string output = await RunScriptAsync(["start", Folder, "--for", id, .. _parameters.SelectMany(static parameter => new[] { "-c", parameter })]);
        ConnectionString = output.Trim();
    }

    /// <summary>Ends it in order: clients are notified (57P01), and running transactions are rolled back.</summary>
    public Task StopAsync() => RunScriptAsync(["stop", Folder, "fast"]);

    /// <summary>Kills its main process, as the system does when memory runs out. Clients are not notified.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(MainProcessId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Suspends all its processes: connections stay open without answers.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>Resumes them.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await Sql.ExecuteAsync(new NpgsqlConnection($"{ConnectionString};Database=postgres;Pooling=false"), $"CREATE DATABASE {name} TEMPLATE template0");
        return $"{ConnectionString};Database={name}";
    }

    /// <summary>Runs one of PostgreSQL's own programs with it. The password is in the environment.</summary>
    /// <returns>Exit code and both outputs.</returns>
    public async Task<(int ExitCode, string Output)> RunProgramAsync(string program, IReadOnlyList<string> arguments, int? core = null)
    {
        var target = new NpgsqlConnectionStringBuilder(ConnectionString);
        var versions = Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal);
        string path = versions.Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists) ?? program;
        var command = new ProcessCommand([path, .. arguments])
        {
            Core = core,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PGHOST"] = target.Host!,
                ["PGPORT"] = target.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = target.Username!,
                ["PGPASSWORD"] = target.Password!,
            },
        };
        var (exitCode, output, error) = await command.RunAsync();
        return (exitCode, (output + error).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        await RunScriptAsync(["stop", Folder, "immediate"]);
        DeleteFolder();
    }

    private void DeleteFolder()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private Task<string> RunScriptAsync(IReadOnlyList<string> arguments) =>
        new ProcessCommand([Path.Combine(Repository.Root, "eng", "postgresql"), .. arguments]) { Core = _core, Environment = _environment }.RunOrThrowAsync();

    private Task SignalAsync(string signal)
    {
        string main = MainProcessId.ToString(CultureInfo.InvariantCulture);
        var children = Process.GetProcesses()
            .Select(static process => process.Id.ToString(CultureInfo.InvariantCulture))
            .Where(id => ParentOf(id) == main);
        return new ProcessCommand(["kill", signal, main, .. children]).RunAsync();
    }

    private static string? ParentOf(string id)
    {
        try
        {
            // proc_pid_stat(5): the name, which may contain spaces, ends with the last bracket. Then follow the state and the parent.
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
