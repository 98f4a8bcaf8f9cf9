using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Countersign.TestServer;

/// <summary>A PostgreSQL cluster: the one that all tests share, or one of a test's own, to stop and to kill.</summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    /// <summary>The connection string, without a database, of a cluster that runs already; <c>none</c> if there is to be none.</summary>
    public const string EnvironmentVariable = "COUNTERSIGN_POSTGRESQL";

    private static readonly Lazy<(PostgreSqlCluster? Cluster, string? Reason)> Found = new(Find);

    private readonly string? _folder;
    private readonly string[] _parameters;

    private PostgreSqlCluster(string? folder, string[] parameters, string connectionString) =>
        (_folder, _parameters, ConnectionString) = (folder, parameters, connectionString);

    /// <summary>Whether there is a cluster to share.</summary>
    public static bool IsAvailable => Found.Value.Cluster is not null;

    /// <summary>Why there is none; null if there is.</summary>
    public static string? UnavailableReason => Found.Value.Reason;

    /// <summary>The cluster that all tests share: the one that the environment names, else one of this process, which ends with it.</summary>
    /// <remarks>Without PostgreSQL the test that asks is skipped, with the reason.</remarks>
    public static PostgreSqlCluster Shared
    {
        get
        {
            Assert.SkipUnless(IsAvailable, UnavailableReason ?? string.Empty);
            return Found.Value.Cluster!;
        }
    }

    /// <summary>An Npgsql connection string without a database.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a cluster of the caller's own.</summary>
    /// <param name="parameters">Parameters of the server, as <c>name=value</c>.</param>
    public static PostgreSqlCluster Start(params string[] parameters)
    {
        Assert.SkipUnless(IsAvailable, UnavailableReason ?? string.Empty);
        return StartOwn(parameters);
    }

    /// <summary>Ends the cluster in order: clients are told (57P01), what is under way is rolled back.</summary>
    public void Stop() => Run("stop", _folder!, "fast");

    /// <summary>Kills the cluster's main process, as the system does when memory runs out: nobody is told anything.</summary>
    public void Kill()
    {
        using var process = Process.GetProcessById(MainProcessId);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Stops the clock of all its processes: connections stay open, and nobody answers.</summary>
    public void Freeze() => Signal("-STOP");

    /// <summary>Lets them go on.</summary>
    public void Thaw() => Signal("-CONT");

    /// <summary>Starts the cluster again, on the same port.</summary>
    public void StartAgain() => Run(["start", _folder!, .. Options(_parameters)]);

    /// <summary>Makes an empty database.</summary>
    public PostgreSqlDatabase CreateDatabase() => new(this);

    /// <summary>Runs a statement outside of any test's database.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Database=postgres");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            Run("stop", _folder, "immediate");
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private int MainProcessId => int.Parse(File.ReadLines(Path.Combine(_folder!, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private void Signal(string signal)
    {
        var main = MainProcessId.ToString(CultureInfo.InvariantCulture);
        var children = Process.GetProcesses()
            .Select(static process => process.Id.ToString(CultureInfo.InvariantCulture))
            .Where(id => ParentOf(id) == main);
        using var process = Process.Start("kill", [signal, main, .. children]);
        process.WaitForExit();
    }

    private static string? ParentOf(string id)
    {
        try
        {
            // proc_pid_stat(5): the name, which may hold spaces, ends with the last bracket; the state and the parent follow.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static (PostgreSqlCluster? Cluster, string? Reason) Find()
    {
        switch (Environment.GetEnvironmentVariable(EnvironmentVariable))
        {
            case "none":
                return (null, "PostgreSQL could not be started.");
            case { Length: > 0 } connectionString:
                return (new PostgreSqlCluster(null, [], connectionString), null);
        }

        try
        {
            var cluster = StartOwn(["fsync=off"]);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return (cluster, null);
        }
        catch (InvalidOperationException failure)
        {
            return (null, failure.Message);
        }
    }

    private static PostgreSqlCluster StartOwn(string[] parameters)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-postgresql-").FullName;
        try
        {
            return new PostgreSqlCluster(folder, parameters, Run(["start", folder, .. Options(parameters)]).Trim());
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    // However this process ends, the cluster does not outlive it.
    private static string[] Options(string[] parameters) =>
        ["--for", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. parameters.SelectMany(static parameter => new[] { "-c", parameter })];

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "postgresql"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(error.GetAwaiter().GetResult().Trim());
    }
}
