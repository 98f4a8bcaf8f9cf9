using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Countersign.Reliability.Stage;

/// <summary>A PostgreSQL cluster of this run's own, to stop and to kill. Its commits reach the disk, as the defaults say.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly string _folder;
    private readonly int? _core;

    private Cluster(string folder, int? core, string connectionString) => (_folder, _core, ConnectionString) = (folder, core, connectionString);

    /// <summary>An Npgsql connection string without a database.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="core">The only core that it may run on; null for any.</param>
    public static Cluster Start(int? core = null)
    {
        string folder = Directory.CreateTempSubdirectory("countersign-postgresql-").FullName;
        try
        {
            return new Cluster(folder, core, Run(core, ["start", folder, .. Watched]).Trim());
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE template0";
        await command.ExecuteNonQueryAsync();
        return $"{ConnectionString};Database={name}";
    }

    /// <summary>Ends it in order: clients are told, what is under way is rolled back.</summary>
    public void Stop() => Run(null, "stop", _folder, "fast");

    /// <summary>Kills its main process: nobody is told anything.</summary>
    public void Kill()
    {
        int id = int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(id);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts it again, on the same port.</summary>
    public void StartAgain() => Run(_core, ["start", _folder, .. Watched]);

    /// <summary>Runs one of PostgreSQL's own programs against it; the password travels in the environment.</summary>
    /// <returns>Exit code and both outputs.</returns>
    public async Task<(int ExitCode, string Output)> RunProgramAsync(string program, IReadOnlyList<string> arguments, int? core = null)
    {
        var target = new NpgsqlConnectionStringBuilder(ConnectionString);
        string path = Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists)
            ?? program;
        string[] command = core is { } number ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), path, .. arguments] : [path, .. arguments];
        var info = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PGHOST"] = target.Host;
        info.Environment["PGPORT"] = target.Port.ToString(CultureInfo.InvariantCulture);
        info.Environment["PGUSER"] = target.Username;
        info.Environment["PGPASSWORD"] = target.Password;
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output + await error).Trim());
    }

    public void Dispose()
    {
        Run(null, "stop", _folder, "immediate");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>However this process ends, the cluster does not outlive it.</summary>
    private static string[] Watched => ["--for", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];

    private static string Run(int? core, params string[] arguments)
    {
        string script = Path.Combine(Repository.Root, "eng", "postgresql");
        string[] command = core is { } number ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), script, .. arguments] : [script, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(error.GetAwaiter().GetResult().Trim());
    }
}
