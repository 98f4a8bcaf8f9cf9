namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Reads that wait at the same moment go to the database together: one query costs little more for sixteen keys than for one.</summary>
/// <remarks>
/// A read never joins a query that has begun before it: what it answers was in the database after it was asked for, as if it had been alone. Nobody waits for
/// company: where no query runs, one begins at once.
/// </remarks>
/// <param name="readAsync">Reads the rows of some keys, each of which it is given once.</param>
internal sealed class GatheredReads<TKey, TRow>(Func<List<TKey>, Task<IReadOnlyDictionary<TKey, TRow>>> readAsync)
    where TKey : notnull
    where TRow : class
{
    /// <summary>Two, so that a query which hangs does not hold up all others.</summary>
    private const int QueriesAtOnce = 2;

    /// <summary>No statement grows without end.</summary>
    private const int KeysAtOnce = 128;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _running;

    /// <summary>Reads the row of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait; a query that is under way goes on for the others.</param>
    /// <returns>Null if there is none.</returns>
    public Task<TRow?> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(key);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (_running == QueriesAtOnce)
            {
                return waiting.Task.WaitAsync(cancellationToken);
            }

            _running++;
        }

        // What runs on answers others too: nothing of the caller's, such as its trace, goes on with it.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _ = RunAsync();
        }

        return waiting.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (Take() is { } batch)
        {
            try
            {
                var rows = await readAsync([.. batch.Select(static waiting => waiting.Key).Distinct()]).ConfigureAwait(false);
                foreach (var waiting in batch)
                {
                    waiting.TrySetResult(rows.GetValueOrDefault(waiting.Key));
                }
            }
            catch (Exception failure)
            {
                foreach (var waiting in batch)
                {
                    waiting.TrySetException(failure);
                }
            }

            // Where a database has no asynchronous input and output, all this runs in the first caller's request, which is to go on now.
            await Task.Yield();
        }
    }

    /// <summary>Takes what waits; null, and one query less runs, if nothing does.</summary>
    private List<Waiting>? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _running--;
                return null;
            }

            List<Waiting> batch = [];
            while (batch.Count < KeysAtOnce && _waiting.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
            }

            return batch;
        }
    }

    private sealed class Waiting(TKey key) : TaskCompletionSource<TRow?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TKey Key { get; } = key;
    }
}
