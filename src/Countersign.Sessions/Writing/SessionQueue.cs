namespace Countersign.Sessions.Writing;

/// <summary>The bounded queue of the session writer, in order of arrival.</summary>
internal sealed class SessionQueue : IDisposable
{
    /// <summary>
    /// How long returned commands wait if no new command comes: about the time of another node's transaction. It uses the machine's clock, not the service's
    /// clock, because it waits for another process.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly Queue<SessionCommand> _commands = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly Timer _again;
    private List<SessionCommand> _putBack = [];
    private bool _isClosed;

    /// <summary>Makes an empty queue with this capacity.</summary>
    public SessionQueue(int capacity)
    {
        _capacity = capacity;
        _again = new Timer(static queue => ((SessionQueue)queue!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds a command at the end. False if the queue is full, returned commands included, or closed.</summary>
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
    /// Returns commands of a batch to the front. Later commands for the same rows are decided after them. If there are no new commands, the returned ones make
    /// a batch after a short pause.
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
    /// Waits until there is a command, and then takes about <paramref name="limit"/> commands whose time has not run out. Returned commands leave half of the
    /// batch to new ones. There are more than the limit only if many returned commands belong to one row.
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

    /// <summary>Removes the commands that <paramref name="isLate"/> finds too old to be decided. No batch has taken them.</summary>
    public List<SessionCommand> TakeLate(Predicate<SessionCommand> isLate)
    {
        List<SessionCommand> late = [];
        lock (_lock)
        {
            // Checks all commands: one that waited for its account arrived before some commands in front of it.
            foreach (var command in _putBack.Concat(_commands))
            {
                if (isLate(command) && command.TryAbandon())
                {
                    late.Add(command);
                }
            }

            // The time is not checked again here. Other commands could be late by now, and they would be removed without an answer.
            _putBack.RemoveAll(static command => command.IsAbandoned);
            while (_commands.TryPeek(out var front) && front.IsAbandoned)
            {
                _commands.Dequeue();
            }
        }

        return late;
    }

    /// <summary>Closes the queue for new commands.</summary>
    /// <returns>The commands that were waiting.</returns>
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
            // If there are too few new commands for half of a batch, returned commands may use the rest.
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
    /// Takes returned commands in their order, up to a number. All commands of one row are taken together, so that their order stays when they are returned
    /// again.
    /// </summary>
    /// <returns>The rows and accounts of the commands that stay in the queue.</returns>
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
