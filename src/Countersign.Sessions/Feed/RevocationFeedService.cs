using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Feed;

/// <summary>
/// Keeps this node's revocation list up to date. It loads all entries that can still matter before the service is ready. Then it reads on, when the store
/// announces news and at least every second. This node's own revocations are in the list before their answer is sent; the feed brings those of other nodes.
/// </summary>
internal sealed class RevocationFeedService(
    IRevocationFeed feed,
    FeedReader reader,
    SessionClock clock,
    ILogger<RevocationFeedService> logger) : BackgroundService
{
    /// <summary>A revocation on another node takes effect within this time plus the time of the read, even if it is not announced.</summary>
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    /// <summary>At start a node has no list yet, so it waits longer.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly FeedBackoff _patience = new();
    private TimedFeedConnection? _link;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _link = await TimedFeedConnection.ConnectAsync(feed, StartLimit, cancellationToken).ConfigureAwait(false);
        reader.LoadAgain();
        do
        {
            await reader.ReadAsync(_link, cancellationToken).ConfigureAwait(false);
        }
        while (reader.IsLoading);
        _link.Limit = _patience.Limit;
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // The list still has all known revocations. Bearer requests continue, and readiness reports when the list becomes stale.
                    Log.FeedFailed(logger, exception);
                    await CloseAsync().ConfigureAwait(false);
                    await Task.Delay(_patience.Failed(), clock.Time, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The service was told to stop. Then a connection that did not end in time is not an error.
        }
    }

    /// <summary>Reads once: when there is news, or at once if there is more to load.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_link is null)
        {
            _link = await TimedFeedConnection.ConnectAsync(feed, _patience.Limit, cancellationToken).ConfigureAwait(false);
            reader.LoadAgain();
        }
        else if (!reader.IsLoading)
        {
            await _link.WaitAsync(PollPeriod, clock.Time, cancellationToken).ConfigureAwait(false);
        }

        var began = clock.Time.GetTimestamp();
        await reader.ReadAsync(_link, cancellationToken).ConfigureAwait(false);
        _patience.Succeeded(clock.Time.GetElapsedTime(began));

        // A connection that was made after failures may have a longer limit than it needs now.
        _link.Limit = _patience.Limit;
    }

    private async Task CloseAsync()
    {
        if (_link is { } link)
        {
            _link = null;
            await link.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
