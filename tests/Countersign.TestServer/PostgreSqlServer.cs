namespace Countersign.TestServer;

/// <summary>A server on PostgreSQL, in a process of its own. Several with one connection string and one master key are nodes of one service.</summary>
internal sealed class PostgreSqlServer(string connectionString, string masterKey, params (string Name, string Value)[] more) : RunningServer
{
    /// <summary>Whether the test takes the database away: the log then tells of it.</summary>
    public bool ExpectsFailures { get; init; }

    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        Settings([("ConnectionStrings__Countersign", connectionString), ("Auth__MasterKey", masterKey), .. more]);

    public override async ValueTask InitializeAsync()
    {
        // Whatever of the connection string shows up anywhere is found when the server ends.
        Canaries.Add(new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Password);
        Canaries.Add(masterKey);
        await base.InitializeAsync();
    }

    protected override bool IsExpectedFailure(string line) => ExpectsFailures;
}
