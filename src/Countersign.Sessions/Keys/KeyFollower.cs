using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>
/// Loads the keys when the feed's reader finds others in force than those of this node. It fails nothing and holds nothing up: revocations are followed whatever becomes of the keys.
/// </summary>
internal sealed class KeyFollower(IKeySource keys, SessionClock clock, ILogger<KeyFollower> logger)
{
    /// <summary>After a failure the same version is tried again so much later; SQLite's news come up to forty times a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Task _loading = Task.CompletedTask;
    private long? _failedVersion;
    private Type? _failure;
    private long _failedTimestamp;

    /// <summary>Loads the keys, if those of this node are others than those of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="limit">For how long it is waited for; a load that takes longer goes on by itself.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task FollowAsync(long version, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!keys.IsBehind(version) || !_loading.IsCompleted || (version == _failedVersion && clock.Time.GetElapsedTime(_failedTimestamp) < Pause))
        {
            return;
        }

        _loading = LoadAsync(version, cancellationToken);
        await ((Task)_loading.WaitAsync(limit, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task LoadAsync(long version, CancellationToken cancellationToken)
    {
        try
        {
            await keys.FollowAsync(version, cancellationToken).ConfigureAwait(false);
            _failedVersion = null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Once for each version, not once for each poll.
            if (version != _failedVersion || exception.GetType() != _failure)
            {
                Log.KeysNotLoaded(logger, exception, version);
            }

            (_failedVersion, _failure, _failedTimestamp) = (version, exception.GetType(), clock.Time.GetTimestamp());
        }
    }
}
