namespace Countersign.Sessions.Writing;

/// <summary>The bounded queue before the session writer, in order of arrival.</summary>
internal sealed class SessionQueue : IDisposable
{
    /// <summary>
    /// After so long, what was put back is tried again though nothing else has come: about the time of another node's transaction. By the clock on the wall,
    /// whatever the service's clock says: what is waited for is another process.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly Queue<SessionCommand> _commands = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly Timer _again;
    private List<SessionCommand> _putBack = [];
    private bool _isClosed;

    /// <summary>Makes an empty queue that takes so many commands.</summary>
    public SessionQueue(int capacity)
    {
        _capacity = capacity;
        _again = new Timer(static queue => ((SessionQueue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Puts a command at the end; false if the queue is full, with what was put back, or closed.</summary>
    public bool TryEnqueue(SessionCommand command)
    {
        lock (_lock)
        {
            if (_isClosed || _commands.Count + _putBack.Count >= _capacity)
            {
                return false;
            }

            _commands.Enqueue(command);
            Release();
            return true;
        }
    }

    /// <summary>
    /// Puts commands of a batch back to the front: what has come since for the same rows is decided after them. If nothing else makes a batch, they make one
    /// in a moment.
    /// </summary>
    public void PutBack(IReadOnlyCollection<SessionCommand> commands)
    {
        lock (_lock)
        {
            foreach (var command in commands)
            {
                command.PutBack();
                _putBack.Add(command);
            }

            if (!_isClosed)
            {
                _again.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Waits until there is something, then takes some <paramref name="limit"/> commands whose time has not run out. What was put back leaves half of them to
    /// what is new, however much of it there is; there are more only where many that were put back are of one row.
    /// </summary>
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
            foreach (var command in _putBack.Concat(_commands))
            {
                if (isLate(command) && command.TryAbandon())
                {
                    late.Add(command);
                }
            }

            // Asked anew, the clock could say of others that they are late now: those would be gone, and nobody would ever answer them.
            _putBack.RemoveAll(static command => command.IsAbandoned);
            while (_commands.TryPeek(out var front) && front.IsAbandoned)
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
    public void Dispose()
    {
        _again.Dispose();
        _filled.Dispose();
    }

    private List<SessionCommand> Take(int limit)
    {
        List<SessionCommand> batch = [];
        lock (_lock)
        {
            // Where nothing is new, or too little for half of a batch, what was put back may have the rest.
            var reserved = Math.Min(limit / 2, _commands.Count);
            var keysLeft = _putBack.Count == 0 ? [] : TakePutBack(batch, limit - reserved);
            for (var room = Math.Max(limit - batch.Count, reserved); room > 0 && _commands.TryDequeue(out var command);)
            {
                if (HasOneOf(keysLeft, command))
                {
                    _putBack.Add(command);
                    AddKeys(keysLeft, command);
                }
                else if (command.TryTake())
                {
                    batch.Add(command);
                    room--;
                }
            }

            if (_putBack.Count > 0 && !_isClosed)
            {
                _again.Change(Pause, Timeout.InfiniteTimeSpan);
            }

            if (_commands.Count > 0)
            {
                Release();
            }
        }

        return batch;
    }

    /// <summary>
    /// Takes what was put back, in its order, up to a number. All commands of one row go together, so that their order stays whoever puts them back
    /// again.
    /// </summary>
    /// <returns>The rows and accounts of those that stay behind.</returns>
    private HashSet<object> TakePutBack(List<SessionCommand> batch, int limit)
    {
        HashSet<object> keysTaken = [];
        HashSet<object> keysLeft = [];
        List<SessionCommand> left = [];
        foreach (var command in _putBack)
        {
            if (HasOneOf(keysLeft, command) || (batch.Count >= limit && !HasOneOf(keysTaken, command)))
            {
                left.Add(command);
                AddKeys(keysLeft, command);
            }
            else if (command.TryTake())
            {
                batch.Add(command);
                AddKeys(keysTaken, command);
            }
        }

        _putBack = left;
        return keysLeft;
    }

    private static bool HasOneOf(HashSet<object> keys, SessionCommand command) =>
        keys.Count > 0 && ((command.SessionId is { } id && keys.Contains(id)) || (command.UserId is { } userId && keys.Contains(userId)));

    private static void AddKeys(HashSet<object> keys, SessionCommand command)
    {
        if (command.SessionId is { } id)
        {
            keys.Add(id);
        }

        if (command.UserId is { } userId)
        {
            keys.Add(userId);
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (!_isClosed && _putBack.Count > 0)
            {
                Release();
            }
        }
    }

    private void Release()
    {
        if (_filled.CurrentCount == 0)
        {
            _filled.Release();
        }
    }
}
