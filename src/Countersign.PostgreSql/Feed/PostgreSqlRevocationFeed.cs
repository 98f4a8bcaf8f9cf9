using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Stores;
using Npgsql;

namespace Countersign.PostgreSql.Feed;

/// <summary>The revocation feed on PostgreSQL. Each node has one connection on which it is notified of new lines.</summary>
internal sealed class PostgreSqlRevocationFeed(StoreDatabase database) : IRevocationFeed
{
    /// <inheritdoc />
    public async Task<IFeedConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        try
        {
            // Open it like the app's connections, with the same certificate, password and host.
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);

            // PostgreSQL keeps no notifications for absent listeners. So first listen, then read.
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
