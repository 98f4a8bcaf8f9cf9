using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Stores;
using Npgsql;

namespace Countersign.PostgreSql.Feed;

/// <summary>The revocation feed on PostgreSQL: one connection of its own for each node, on which it is told of new lines.</summary>
internal sealed class PostgreSqlRevocationFeed(StoreDatabase database) : IRevocationFeed
{
    /// <inheritdoc />
    public async Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        try
        {
            // As the app opens its connections, whatever certificate, password or host that takes.
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);

            // PostgreSQL keeps no notifications for those who are not there: first ask to be told, then read.
            await store.ExecuteAsync($"LISTEN {PostgreSqlProvider.FeedChannel}", cancellationToken).ConfigureAwait(false);
            return new PostgreSqlFeedConnection(database, store, (NpgsqlConnection)store.Connection);
        }
        catch
        {
            await store.Connection.CloseAsync().ConfigureAwait(false);
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
