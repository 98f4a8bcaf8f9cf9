using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Feed;

/// <summary>
/// What is read from the feed, and in which order: first what is new by its number, then a page of all that can still matter while a load is under way. A new
/// connection, a head behind this node's place, a clock that went back, and every minute begin a load. It merges and never replaces; what it does not find
/// and this node holds is put back.
/// </summary>
internal sealed class FeedReader(
    RevocationList revocations,
    IKeySource keys,
    SessionClock clock,
    FeedState state,
    ILogger<FeedReader> logger)
{
    /// <summary>Some ten milliseconds of work: between two pages of a load, what is new is read.</summary>
    private const int PageSize = 5_000;

    /// <summary>What one load puts back at most; a database that has lost more gets the rest with the next one, a minute later.</summary>
    private const int MostWrittenBack = 5_000;

    /// <summary>How long the row that numbers the feed is locked by one write-back, and with it everybody who revokes: some tens of milliseconds.</summary>
    private const int WriteBackSize = 100;

    /// <summary>How often everything that can matter is read again: it finds what a cursor can't, such as a row that a failover brought back or lost.</summary>
    private static readonly TimeSpan LoadPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A clock may be corrected by so much without a load.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private long? _cursor;
    private bool _mustLoad;
    private FeedPosition? _position;
    private long _loadTimestamp;
    private DateTimeOffset _loadSince;
    private Task _catchingUp = Task.CompletedTask;

    /// <summary>Whether there is more to load.</summary>
    public bool IsLoading => _mustLoad || _position is not null;

    /// <summary>Has a load begin with the next read: on a new connection, nothing that was read on another one is taken for granted.</summary>
    public void LoadAgain() => _mustLoad = true;

    /// <summary>Reads what is new, and a page of the load if one is under way.</summary>
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

    /// <summary>After a first read, which has brought the database's clock.</summary>
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
                return page;
            }

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

        await PutBackAsync(link, page.Epoch, cancellationToken).ConfigureAwait(false);
        _position = null;
        revocations.Sweep(clock.Now);
    }

    /// <summary>
    /// Has the keys catch up. It fails nothing, and holds nothing up for longer than a limit: revocations are followed whatever becomes of
    /// the keys, and a load that takes longer goes on by itself.
    /// </summary>
    private async Task CatchUpAsync(long keyVersion, long sentTimestamp, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_catchingUp.IsCompleted)
        {
            return;
        }

        // The source logs what is wrong.
        _catchingUp = EndAsync(keys.CatchUpAsync(keyVersion, sentTimestamp, cancellationToken));
        await _catchingUp.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();

        static async Task EndAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PutBackAsync(TimedFeedConnection link, long epoch, CancellationToken cancellationToken)
    {
        // Not what leaves the window while it is looked at: a clean-up that is ahead may have removed it rightly.
        var lost = revocations.FindUnnamed(_loadSince + ClockTolerance, MostWrittenBack);
        if (lost.Count == 0 && revocations.Epoch <= epoch)
        {
            return;
        }

        try
        {
            var written = 0;
            foreach (var some in lost.Select(static one => new RevocationEntry(0, one.SessionId, one.Reason, one.RevokedAt)).Chunk(WriteBackSize).DefaultIfEmpty([]))
            {
                written += await link.WriteBackAsync(some, revocations.Epoch, cancellationToken).ConfigureAwait(false);
            }

            Log.FeedPutBack(logger, written);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A database that can be read and not written is followed all the same; the next load tries again.
            Log.FeedPutBackFailed(logger, exception, lost.Count);
        }
    }

    /// <summary>An entry leaves the list by its age alone, so that nothing which is read can take one off it.</summary>
    private void Merge(FeedPage page)
    {
        foreach (var entry in page.Entries)
        {
            // A later version may know reasons that this one does not: the session is over all the same.
            var reason = Enum.IsDefined(entry.Reason) ? entry.Reason : RevocationReason.Administrator;
            revocations.Add(entry.SessionId, reason, entry.RevokedAt);
        }

        revocations.RaiseEpoch(page.Epoch);
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
