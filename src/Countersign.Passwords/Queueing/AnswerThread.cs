namespace Countersign.Passwords.Queueing;

/// <summary>
/// A thread that hands answers to callers, and is not niced. Completing a task may start a thread of the pool, and on Linux a thread has the niceness of the one that started it:
/// a worker that answered for itself would make threads that serve requests at the rank of its hashes for as long as they live.
/// </summary>
internal sealed class AnswerThread
{
    internal const string Name = "Countersign password answers";

    private readonly object _gate = new();
    private readonly Queue<Action> _answers = new();
    private bool _isOver;

    public AnswerThread() => new Thread(Work) { IsBackground = true, Name = Name }.UnsafeStart();

    public void Give(Action answer)
    {
        lock (_gate)
        {
            _answers.Enqueue(answer);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sends the thread home when what it was given is done. Nothing may be given after that.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Work()
    {
        while (Next() is { } answer)
        {
            answer();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (_answers.Count == 0 && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            return _answers.TryDequeue(out var answer) ? answer : null;
        }
    }
}
