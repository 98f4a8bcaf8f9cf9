namespace Countersign.Passwords.Queueing;

/// <summary>
/// A thread that completes the callers' tasks, with normal niceness. Completing a task may start a thread of the pool. On Linux a thread inherits the niceness
/// of the thread that starts it. If a worker completed the tasks itself, it would start threads that serve requests with the low priority of hashing.
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

    /// <summary>Ends the thread after its work is done. No work may be added after this call.</summary>
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
