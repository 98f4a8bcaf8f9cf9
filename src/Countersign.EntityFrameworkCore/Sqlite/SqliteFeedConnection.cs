using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>A connection to the feed in a file of this machine, which has no clock but this machine's.</summary>
/// <remarks>
/// Nobody announces anything here, but SQLite counts its commits in memory that all processes of a file share, and asking for that number takes some microseconds and no
/// lock. So it is asked for many times a second, and a revocation by another process (a command beside the server, a second server) is known within that time.
/// What this process revokes is in its list before the answer, without the feed.
/// </remarks>
internal sealed class SqliteFeedConnection(StoreDatabase database, StoreContext store) : RelationalFeedConnection(database, store)
{
    /// <summary>With the read that follows it stays below the 50 ms within which another node knows of a revocation; 40 look-ups a second cost below a thousandth of a core.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(25);

    private readonly DbCommand _version = store.Command("PRAGMA data_version");
    private long _seen;

    /// <inheritdoc />
    protected override string ClockColumn => "NULL";

    /// <inheritdoc />
    public override async Task WaitAsync(CancellationToken cancellationToken)
    {
        // By the machine's clock, whatever clock the service is told: it is the machine that is not to be kept busy.
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

    /// <summary>Whether another connection, of this process or another, has committed anything since the last time.</summary>
    private bool HasChanged()
    {
        var version = Convert.ToInt64(_version.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        var hasChanged = version != _seen;
        _seen = version;
        return hasChanged;
    }
}
