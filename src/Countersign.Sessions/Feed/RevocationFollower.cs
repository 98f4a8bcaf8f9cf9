using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Feed;

/// <summary>
/// Keeps this node's revocation list in step with the feed: it loads what can still matter before the service is ready, then reads on, every second. What
/// this node revokes itself is in the list before the answer is sent; the feed is how it learns of the others.
/// </summary>
internal sealed class RevocationFollower(
    IRevocationFeed feed,
    IKeySource keys,
    RevocationList revocations,
    SessionClock clock,
    FeedState state,
    ILogger<RevocationFollower> logger) : BackgroundService
{
    private const int PageSize = 1_000;

    /// <summary>A revocation of another node takes effect within this time, plus the read.</summary>
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often everything that can matter is read again: it finds what a cursor can't, such as a row that a failover brought back.</summary>
    private static readonly TimeSpan FullPassPeriod = TimeSpan.FromMinutes(1);

    private long _cursor;
    private long _fullPassTimestamp;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollPeriod, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await PollAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (clock.Time.GetElapsedTime(_fullPassTimestamp) >= FullPassPeriod)
            {
                await LoadAsync(cancellationToken).ConfigureAwait(false);
                revocations.Sweep();
            }
            else
            {
                await ReadOnAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The list still holds all that was known: bearer requests go on, and readiness tells when the gap becomes too long.
            Log.FeedFailed(logger, exception);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var sent = state.Begin();
        var page = await feed.LoadAsync(clock.Now - FeedState.Retention, cancellationToken).ConfigureAwait(false);
        Apply(page);
        _cursor = page.Head;
        _fullPassTimestamp = sent.Timestamp;
        await FollowKeysAsync(page, cancellationToken).ConfigureAwait(false);
        state.Succeeded(sent);
    }

    private async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        var sent = state.Begin();
        FeedPage page;
        do
        {
            page = await feed.ReadAsync(_cursor, PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Head < _cursor)
            {
                Log.FeedWentBack(logger, page.Head, _cursor);
                await LoadAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            Apply(page);
            _cursor = page.Entries.Count > 0 ? page.Entries[^1].Sequence : page.Head;
        }
        while (_cursor < page.Head);

        await FollowKeysAsync(page, cancellationToken).ConfigureAwait(false);
        state.Succeeded(sent);
    }

    /// <summary>Loading merges and never replaces: an entry leaves the list by its age alone.</summary>
    private void Apply(FeedPage page)
    {
        foreach (var entry in page.Entries)
        {
            // A later version may know reasons that this one does not: the session is over all the same.
            var reason = Enum.IsDefined(entry.Reason) ? entry.Reason : RevocationReason.Administrator;
            revocations.Add(entry.SessionId, reason);
        }

        revocations.RaiseEpoch(page.Epoch);
    }

    private async Task FollowKeysAsync(FeedPage page, CancellationToken cancellationToken)
    {
        if (keys.IsBehind(page.KeyVersion))
        {
            await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
