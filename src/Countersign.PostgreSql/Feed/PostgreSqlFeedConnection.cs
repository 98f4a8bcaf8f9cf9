using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Npgsql;

namespace Countersign.PostgreSql.Feed;

/// <summary>A connection that listens for notifications of new lines.</summary>
internal sealed class PostgreSqlFeedConnection : RelationalFeedConnection
{
    private readonly NpgsqlConnection _connection;
    private int _notifications;

    public PostgreSqlFeedConnection(StoreDatabase database, StoreContext store, NpgsqlConnection connection)
        : base(database, store)
    {
        _connection = connection;
        _connection.Notification += OnNotification;
    }

    /// <inheritdoc />
    protected override string ClockColumn => "clock_timestamp()";

    /// <inheritdoc />
    public override async Task WaitAsync(CancellationToken cancellationToken)
    {
        // A notification that arrived with the answer to a query is old if it was sent before the query. Otherwise it is new.
        while (Interlocked.Exchange(ref _notifications, 0) == 0)
        {
            await _connection.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _connection.Notification -= OnNotification;

        // If a connection failed, other connections in the pool have most likely failed too.
        if (_connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
        {
            NpgsqlConnection.ClearPool(_connection);
        }

        // Close it here: a pooled context would keep the connection open.
        await _connection.CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override DateTimeOffset? ReadClock(DbDataReader reader, int ordinal) => new DateTimeOffset(reader.GetDateTime(ordinal).ToUniversalTime());

    /// <inheritdoc />
    protected override Task AnnounceAsync(StoreContext other, CancellationToken cancellationToken) =>
        other.ExecuteAsync($"NOTIFY {PostgreSqlProvider.FeedChannel}", cancellationToken);

    private void OnNotification(object sender, NpgsqlNotificationEventArgs notification) => Interlocked.Increment(ref _notifications);
}
