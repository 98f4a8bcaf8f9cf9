using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Feed;

/// <summary>
/// Keeps this node's revocation list in step with the feed: it loads what can still matter before the service is ready, then reads on, when the store has
/// news and every second in any case. What this node revokes itself is in the list before the answer is sent; the feed is how it learns of the others.
/// </summary>
internal sealed class RevocationFeedService(
    IRevocationFeed feed,
    FeedReader reader,
    SessionClock clock,
    ILogger<RevocationFeedService> logger) : BackgroundService
{
    /// <summary>A revocation of another node takes effect within this time, plus the read, also where nobody announces it.</summary>
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    /// <summary>A node that starts has nothing to fall back on: it is patient.</summary>
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
                    // The list still holds all that was known: bearer requests go on, and readiness tells when the gap becomes too long.
                    Log.FeedFailed(logger, exception);
                    await CloseAsync().ConfigureAwait(false);
                    await Task.Delay(_patience.Failed(), clock.Time, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // It was told to stop; a link that did not give up in time is no news then.
        }
    }

    /// <summary>Reads once: as soon as there is news, or at once while there is more to load.</summary>
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

        // A link that was made after failures was given more time than it may need now.
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
