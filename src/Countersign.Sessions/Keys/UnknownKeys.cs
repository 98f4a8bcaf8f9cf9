namespace Countersign.Sessions.Keys;

/// <summary>
/// What is done about tokens that name a key this node does not have. Anybody can write such a name, and another node may have put a key in force a moment ago: one load in a while
/// finds out, and where it was used up, the feed, which looks at the key table's version every second in any case.
/// </summary>
internal sealed class UnknownKeys(TimeProvider time)
{
    /// <summary>How often such tokens may make this node read the table.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>For how long the feed is waited for: a poll and what it may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private TaskCompletionSource _confirmation = NewConfirmation();
    private long _confirmedTimestamp = long.MinValue;
    private long? _loadTimestamp;

    /// <summary>Ends when the keys that are loaded are those that were in force when it was called, or newer ones. A key that is not among them then does not exist.</summary>
    /// <param name="load">Loads the keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionsUnavailableException">That can't be said: a token that may be genuine is not refused.</exception>
    public async Task CatchUpAsync(Func<Task> load, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (!MayLoad(asked))
        {
            await WaitForConfirmationAsync(asked, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            // The caller's going away does not end it. Where it fails, nobody but this caller is told: the others wait for the feed.
            await load().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SessionsUnavailableException("The keys could not be read.", exception);
        }
    }

    /// <summary>Notes that the keys which are loaded were in force at a moment.</summary>
    /// <param name="timestamp">When the statement that found it was sent.</param>
    public void Confirm(long timestamp)
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            _confirmedTimestamp = Math.Max(_confirmedTimestamp, timestamp);
            told = _confirmation;
            _confirmation = NewConfirmation();
        }

        told.SetResult();
    }

    private static TaskCompletionSource NewConfirmation() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool MayLoad(long now)
    {
        lock (_lock)
        {
            if (_loadTimestamp is { } last && time.GetElapsedTime(last, now) < Pause)
            {
                return false;
            }

            _loadTimestamp = now;
            return true;
        }
    }

    private async Task WaitForConfirmationAsync(long asked, CancellationToken cancellationToken)
    {
        while (!IsConfirmed(asked, out var next))
        {
            try
            {
                await next.WaitAsync(TimeSpan.FromTicks(Math.Max(0, (Patience - time.GetElapsedTime(asked)).Ticks)), time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                throw new SessionsUnavailableException("Whether this node has all keys that are in force could not be found out in time.", exception);
            }
        }
    }

    /// <summary>Whether the keys were confirmed by something that was sent later than <paramref name="asked"/>; if not, <paramref name="next"/> is what to wait for.</summary>
    private bool IsConfirmed(long asked, out Task next)
    {
        lock (_lock)
        {
            next = _confirmation.Task;
            return _confirmedTimestamp > asked;
        }
    }
}
