using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Feed;

/// <summary>
/// Reads the feed in this order: first new entries by their number, then, during a load, a page of all entries that can still matter. A load begins with a new
/// connection, when the head is behind this node's position, when a clock went back, and every minute. The reader adds entries and never replaces the list.
/// Entries that this node has and the database has lost are written back.
/// </summary>
internal sealed class FeedReader(
    RevocationList revocations,
    IKeySource keys,
    SessionClock clock,
    FeedState state,
    ILogger<FeedReader> logger)
{
    /// <summary>About ten milliseconds of work. Between two pages of a load, new entries are read.</summary>
    private const int PageSize = 5_000;

    /// <summary>The largest number of entries that one load writes back. If the database has lost more, the next load writes the rest a minute later.</summary>
    private const int MostWrittenBack = 5_000;

    /// <summary>
    /// The number of entries in one write-back. It locks the row that numbers the feed, and all revocations with it, for some tens of milliseconds.
    /// </summary>
    private const int WriteBackSize = 100;

    /// <summary>
    /// How often all entries that can matter are read again. This finds what a cursor can't find, such as a row that a failover restored or lost.
    /// </summary>
    private static readonly TimeSpan LoadPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A correction of the clock by up to this much does not begin a load.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private long? _cursor;

    // The highest number that was ever read. A restored database may be below it.
    private long _known;
    private bool _mustLoad;
    private FeedPosition? _position;
    private long _loadTimestamp;
    private DateTimeOffset _loadSince;
    private Task _catchingUp = Task.CompletedTask;

    /// <summary>Whether there is more to load.</summary>
    public bool IsLoading => _mustLoad || _position is not null;

    /// <summary>Begins a load with the next read. On a new connection, results of an earlier connection may be wrong.</summary>
    public void LoadAgain() => _mustLoad = true;

    /// <summary>Reads new entries, and one page of the current load.</summary>
    public async Task ReadAsync(TimedFeedConnection link, CancellationToken cancellationToken)
    {
        var sent = state.Begin();
        var page = await ReadNewAsync(link, cancellationToken).ConfigureAwait(false);
        if (_mustLoad || (!IsLoading && IsLoadDue()))
        {
            BeginLoad();
        }

        if (_position is { } position)
        {
            await LoadAsync(link, position, cancellationToken).ConfigureAwait(false);
        }

        await CatchUpAsync(page.KeyVersion, sent.Timestamp, link.Limit, cancellationToken).ConfigureAwait(false);
        state.Succeeded(sent);
    }

    private bool IsLoadDue() => clock.Time.GetElapsedTime(_loadTimestamp) >= LoadPeriod || OldestThatMatters() < _loadSince - ClockTolerance;

    /// <summary>Called after a first read, because that read brings the database's clock.</summary>
    private void BeginLoad()
    {
        _mustLoad = false;
        _loadTimestamp = clock.Time.GetTimestamp();
        _loadSince = OldestThatMatters();
        _position = FeedPosition.Before(_loadSince);
        revocations.BeginPass();
    }

    private async Task<FeedPage> ReadNewAsync(TimedFeedConnection link, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = clock.Time.GetTimestamp();
            var page = await link.ReadAsync(_cursor ?? long.MaxValue, PageSize, cancellationToken).ConfigureAwait(false);
            Observe(page, sent);
            if (page.Head < _cursor)
            {
                Log.FeedWentBack(logger, page.Head, _cursor.Value);
                _cursor = page.Head;
                _mustLoad = true;
                revocations.LowerClaimsChanges(page.Head);
                return page;
            }

            _known = Math.Max(_known, page.Head);

            Merge(page);
            if (page.Entries.Count < PageSize)
            {
                _cursor = page.Head;
                return page;
            }

            _cursor = page.Entries[^1].Sequence;
        }
    }

    private async Task LoadAsync(TimedFeedConnection link, FeedPosition position, CancellationToken cancellationToken)
    {
        var page = await link.LoadAsync(position, PageSize, cancellationToken).ConfigureAwait(false);
        Merge(page);
        if (page.Entries.Count == PageSize)
        {
            _position = FeedPosition.Of(page.Entries[^1]);
            return;
        }

        await PutBackAsync(link, page, cancellationToken).ConfigureAwait(false);
        _position = null;
        revocations.Sweep(clock.Now);
    }

    /// <summary>
    /// Lets the keys catch up. It never fails, and it waits no longer than a limit. The node must read revocations even if the keys can't be loaded. A load
    /// that takes longer continues in the background.
    /// </summary>
    private async Task CatchUpAsync(long keyVersion, long sentTimestamp, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_catchingUp.IsCompleted)
        {
            return;
        }

        // The key source logs failures.
        _catchingUp = EndAsync(keys.CatchUpAsync(keyVersion, sentTimestamp, cancellationToken));
        await _catchingUp.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();

        static async Task EndAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PutBackAsync(TimedFeedConnection link, FeedPage page, CancellationToken cancellationToken)
    {
        // Entries that are about to leave the window are not checked, because a clean-up may have rightly removed them.
        var lost = revocations.FindUnnamed(_loadSince + ClockTolerance, MostWrittenBack);
        if (lost.Count == 0 && revocations.Epoch <= page.Epoch && _known <= page.Head)
        {
            return;
        }

        try
        {
            var written = 0;
            var entries = lost.Select(static one => new RevocationEntry(0, one.SessionId, one.Reason, one.RevokedAt));
            foreach (var some in entries.Chunk(WriteBackSize).DefaultIfEmpty([]))
            {
                written += await link.WriteBackAsync(some, new FeedMark(revocations.Epoch, _known), cancellationToken).ConfigureAwait(false);
            }

            Log.FeedPutBack(logger, written);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A node goes on reading a database that can be read but not written. The next load tries again.
            Log.FeedPutBackFailed(logger, exception, lost.Count);
        }
    }

    /// <summary>Entries leave the list only by their age, so nothing that is read can remove one.</summary>
    private void Merge(FeedPage page)
    {
        foreach (var entry in page.Entries)
        {
            if (entry.Reason is { } known)
            {
                // A later version may know reasons that this version does not know. The session has ended in any case.
                revocations.Add(entry.SessionId, Enum.IsDefined(known) ? known : RevocationReason.Administrator, entry.RevokedAt);
            }
            else
            {
                revocations.AddClaimsChange(entry.SessionId, entry.Sequence);
            }
        }

        revocations.RaiseEpoch(page.Epoch);
        revocations.RaiseStaleBefore(page.StaleBefore);
    }

    private void Observe(FeedPage page, long sent)
    {
        if (page.DatabaseTime is { } databaseTime)
        {
            clock.Observe(sent, clock.Time.GetTimestamp(), databaseTime);
        }
    }

    private DateTimeOffset OldestThatMatters() =>
        clock.Now is var now && now - DateTimeOffset.MinValue > FeedState.Retention ? now - FeedState.Retention : DateTimeOffset.MinValue;
}
