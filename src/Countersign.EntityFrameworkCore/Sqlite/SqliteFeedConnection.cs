using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>A connection to the feed in a file of this machine. The only clock is this machine's.</summary>
/// <remarks>
/// SQLite sends no notifications. But it counts its commits in memory that all processes of a file share, and a query for that number takes some microseconds
/// and no lock. So this connection asks many times a second. That is how soon it knows of a revocation by another process (a command beside the server, a
/// second server). Revocations by this process are in its list before the answer, without the feed.
/// </remarks>
internal sealed class SqliteFeedConnection(StoreDatabase database, StoreContext store) : RelationalFeedConnection(database, store)
{
    /// <summary>
    /// Together with the following read, it is below the 50 ms within which another node must know of a revocation. 40 queries a second take less than a
    /// thousandth of a core.
    /// </summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(25);

    private readonly DbCommand _version = store.Command("PRAGMA data_version");
    private long _seen;

    /// <inheritdoc />
    protected override string ClockColumn => "NULL";

    /// <inheritdoc />
    public override async Task WaitAsync(CancellationToken cancellationToken)
    {
        // This uses the machine's clock, even if the service has another clock: the aim is to keep the machine idle.
        while (!HasChanged())
        {
            await Task.Delay(LookPeriod, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _version.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override DateTimeOffset? ReadClock(DbDataReader reader, int ordinal) => null;

    /// <inheritdoc />
    protected override Task AnnounceAsync(StoreContext other, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether another connection, of this process or another, has committed since the last call.</summary>
    private bool HasChanged()
    {
        var version = Convert.ToInt64(_version.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        var hasChanged = version != _seen;
        _seen = version;
        return hasChanged;
    }
}
