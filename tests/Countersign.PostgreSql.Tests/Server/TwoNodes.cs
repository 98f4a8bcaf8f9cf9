using Countersign.Sessions.Keys;
using Countersign.TestServer;

namespace Countersign.PostgreSql.Tests.Server;

/// <summary>Two servers that were started at once on one empty database. Without PostgreSQL there are none.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly string _masterKey = MasterKey.Create();
    private PostgreSqlDatabase? _database;

    internal PostgreSqlDatabase Database => _database ?? throw new InvalidOperationException("There is no PostgreSQL.");

    internal PostgreSqlServer One { get; private set; } = null!;

    internal PostgreSqlServer Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!TestPostgreSql.IsAvailable)
        {
            return;
        }

        _database = PostgreSqlDatabase.Create();
        One = Node();
        Other = Node();
        await Task.WhenAll(One.InitializeAsync().AsTask(), Other.InitializeAsync().AsTask());
    }

    // Nodes of one service have one name: else each would take its own address for the issuer.
    private PostgreSqlServer Node() => new(Database.ConnectionString, _masterKey, ("Auth__Issuer", "https://auth.example.com"));

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
