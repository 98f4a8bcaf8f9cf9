namespace Countersign.Sessions.Writing;

/// <summary>The bounded queue before the session writer, in order of arrival.</summary>
internal sealed class SessionQueue(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<SessionCommand> _commands = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private bool _isClosed;

    /// <summary>Puts a command at the end; false if the queue is full or closed.</summary>
    public bool TryEnqueue(SessionCommand command)
    {
        lock (_lock)
        {
            if (_isClosed || _commands.Count >= capacity)
            {
                return false;
            }

            _commands.Enqueue(command);
            if (_filled.CurrentCount == 0)
            {
                _filled.Release();
            }

            return true;
        }
    }

    /// <summary>Waits until there is something, then takes at most <paramref name="limit"/> commands whose time has not run out.</summary>
    public async Task<List<SessionCommand>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _filled.WaitAsync(cancellationToken).ConfigureAwait(false);
            var batch = Take(limit);
            if (batch.Count > 0)
            {
                return batch;
            }
        }
    }

    /// <summary>Takes out what <paramref name="isLate"/> says is too old to be decided. It has not been taken into any batch.</summary>
    public List<SessionCommand> TakeLate(Predicate<SessionCommand> isLate)
    {
        List<SessionCommand> late = [];
        lock (_lock)
        {
            // All of them: a command that waited for its account's facts arrived before some that stand in front of it.
            foreach (var command in _commands)
            {
                if (isLate(command) && command.TryAbandon())
                {
                    late.Add(command);
                }
            }

            while (_commands.TryPeek(out var front) && isLate(front))
            {
                _commands.Dequeue();
            }
        }

        return late;
    }

    /// <summary>Takes in nothing any more.</summary>
    /// <returns>What waited.</returns>
    public List<SessionCommand> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return TakeLate(static _ => true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _filled.Dispose();

    private List<SessionCommand> Take(int limit)
    {
        List<SessionCommand> batch = [];
        lock (_lock)
        {
            while (batch.Count < limit && _commands.TryDequeue(out var command))
            {
                if (command.TryTake())
                {
                    batch.Add(command);
                }
            }

            if (_commands.Count > 0 && _filled.CurrentCount == 0)
            {
                _filled.Release();
            }
        }

        return batch;
    }
}
