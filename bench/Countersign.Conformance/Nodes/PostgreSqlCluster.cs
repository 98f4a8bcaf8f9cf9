using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace Countersign.Conformance.Nodes;

/// <summary>A PostgreSQL of one deployment, which can be stopped and started; <c>eng/postgresql</c> does the work.</summary>
internal sealed class PostgreSqlCluster(string repository, string folder) : IAsyncDisposable
{
    private string? _connectionString;

    /// <summary>Whether its programs are there: in Debian's place or in PATH.</summary>
    public static bool IsInstalled =>
        Directory.Exists("/usr/lib/postgresql")
        || Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(static folder => File.Exists(Path.Combine(folder, "postgres"))) == true;

    public string Folder => folder;

    public int Port => int.Parse((string)Parsed()["Port"], CultureInfo.InvariantCulture);

    /// <summary>For the servers: the database that every cluster has, empty.</summary>
    /// <param name="port">Where a proxy listens; null for the cluster's own port.</param>
    public string ConnectionString(int? port)
    {
        var parsed = Parsed();
        parsed["Database"] = "postgres";
        parsed["SSL Mode"] = "Disable";
        if (port is { } other)
        {
            parsed["Port"] = other.ToString(CultureInfo.InvariantCulture);
        }

        return parsed.ConnectionString;
    }

    public async Task StartAsync(IReadOnlyDictionary<string, string> environment) =>
        _connectionString = await RunAsync(environment, "start", folder, "--for", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends it; connections are broken off.</summary>
    public Task StopAsync() => RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), "stop", folder, "fast");

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
        {
            await RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), "stop", folder, "immediate");
        }
    }

    private DbConnectionStringBuilder Parsed() =>
        new() { ConnectionString = _connectionString ?? throw new InvalidOperationException("The cluster was not started.") };

    private async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(repository, "eng", "postgresql"), arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        string? line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? line ?? string.Empty : throw new InvalidOperationException($"eng/postgresql {arguments[0]} ended with {process.ExitCode}.");
    }
}
