using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>The revocation feed on SQLite.</summary>
internal sealed class SqliteRevocationFeed(StoreDatabase database) : IRevocationFeed
{
    /// <inheritdoc />
    public async Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        try
        {
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);
            return new SqliteFeedConnection(database, store);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
