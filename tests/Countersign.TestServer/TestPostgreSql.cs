using Countersign.Harness;

namespace Countersign.TestServer;

/// <summary>
/// The PostgreSQL cluster that all tests share, and clusters of a test's own. Where there is none, the test that asks is skipped, with the reason.
/// </summary>
internal static class TestPostgreSql
{
    /// <summary>The connection string, without a database, of a cluster that runs already; <c>none</c> if there is to be none.</summary>
    public const string EnvironmentVariable = "COUNTERSIGN_POSTGRESQL";

    private static readonly Lazy<(string? ConnectionString, string? Reason)> Shared = new(Find);

    /// <summary>Whether there is a cluster to share.</summary>
    public static bool IsAvailable => Shared.Value.ConnectionString is not null;

    /// <summary>Why there is none; null if there is.</summary>
    public static string? UnavailableReason => Shared.Value.Reason;

    /// <summary>
    /// The connection string, without a database, of the cluster that all tests share: the one that the environment names, else one of this process, which ends
    /// with it.
    /// </summary>
    public static string ConnectionString
    {
        get
        {
            Assert.SkipUnless(IsAvailable, UnavailableReason ?? string.Empty);
            return Shared.Value.ConnectionString!;
        }
    }

    /// <summary>Starts a cluster of the caller's own, to stop and to kill.</summary>
    /// <param name="parameters">Parameters of the server, as <c>name=value</c>.</param>
    public static Task<PostgreSqlCluster> StartAsync(params string[] parameters)
    {
        Assert.SkipUnless(IsAvailable, UnavailableReason ?? string.Empty);
        return PostgreSqlCluster.StartAsync(parameters);
    }

    private static (string? ConnectionString, string? Reason) Find()
    {
        switch (Environment.GetEnvironmentVariable(EnvironmentVariable))
        {
            case "none":
                return (null, "PostgreSQL could not be started.");
            case { Length: > 0 } connectionString:
                return (connectionString, null);
        }

        try
        {
            // On threads of the pool: those of the tests may all wait for this.
            var cluster = Task.Run(static () => PostgreSqlCluster.StartAsync(["fsync=off"])).GetAwaiter().GetResult();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Run(() => cluster.DisposeAsync().AsTask()).GetAwaiter().GetResult();
            return (cluster.ConnectionString, null);
        }
        catch (InvalidOperationException failure)
        {
            return (null, failure.Message);
        }
    }
}
