using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Npgsql;

namespace Countersign.PostgreSql.Feed;

/// <summary>A connection that has asked to be told of new lines.</summary>
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
        // One that came with the answer to a query has been read by then, if it was sent before the query; if not, it is news.
        while (Interlocked.Exchange(ref _notifications, 0) == 0)
        {
            await _connection.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _connection.Notification -= OnNotification;

        // What lies in the pool beside a link that failed has most likely failed with it.
        if (_connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
        {
            NpgsqlConnection.ClearPool(_connection);
        }

        // Not left to the context, which would keep it open if it is one of a pool.
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
