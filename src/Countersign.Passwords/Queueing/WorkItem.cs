using System.Runtime.CompilerServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// A piece of work, from its place in the queue to its answer. Whoever takes it out of the queue (a worker, its deadline, its cancellation, the end of the engine)
/// decides how it ends; what a worker has taken, that worker ends.
/// </summary>
internal abstract class WorkItem(long rounds, PasswordQueueKey origin)
{
    private readonly Lock _watch = new();
    private ITimer? _deadline;
    private CancellationTokenRegistration _cancellation;
    private bool _isTaken;
    private bool _isEnded;
    private CancellationToken _cancelledBy;
    private volatile bool _isCancelled;

    /// <summary>About how much it costs, in bcrypt rounds.</summary>
    public long Rounds { get; } = rounds;

    /// <summary>
    /// How much work of its kind usually costs: by this it is let in or refused. What is stored for an account may be dearer, and a refusal must not tell so.
    /// </summary>
    public long UsualRounds { get; init; } = rounds;

    public PasswordQueueKey Origin => origin;

    /// <summary>Whether its first step is for a thread beside the lanes. Fixed before it enters the queue.</summary>
    public bool BeginsBlocking { get; init; }

    /// <summary>Its place while it waits; null before and after. Guarded by the queue's lock.</summary>
    public LinkedListNode<WorkItem>? Place { get; set; }

    /// <summary>When it came, on the monotonic clock.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>Whether whoever asked has lost interest after a worker took it.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>The digest that it waits for. Null before the first step, and when its next step computes something itself.</summary>
    public abstract BcryptRequest? Request { get; }

    /// <summary>Keeps what can end a waiting item, which may have been taken, or even have ended, in the meantime.</summary>
    public void Watch(ITimer deadline, CancellationTokenRegistration cancellation)
    {
        lock (_watch)
        {
            if (!_isTaken)
            {
                _deadline = deadline;
            }
            else
            {
                deadline.Dispose();
            }

            if (!_isEnded)
            {
                _cancellation = cancellation;
            }
            else
            {
                cancellation.Unregister();
            }
        }
    }

    /// <summary>It waits no longer: its deadline has no more meaning, its cancellation still has. False when that was said before.</summary>
    public bool Take()
    {
        lock (_watch)
        {
            bool isFirst = !_isTaken;
            _isTaken = true;
            _deadline?.Dispose();
            return isFirst;
        }
    }

    /// <summary>Tells the worker that has it, which drops it at the end of its chunk.</summary>
    public void RequestCancellation(CancellationToken cancellationToken)
    {
        _cancelledBy = cancellationToken;
        _isCancelled = true;
    }

    /// <summary>Goes on to the next request, on the calling thread. False: it has come to its end, and <see cref="Complete"/> has the answer.</summary>
    public abstract bool MoveNext();

    /// <summary>Gives the caller the answer, or the exception that stood in its way.</summary>
    public abstract void Complete();

    /// <summary>Ends it without an answer.</summary>
    public abstract void Refuse(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);

    public void Cancel() => Cancel(_cancelledBy);

    /// <summary>Ends the watch. Does not wait for a callback that runs now: it will find the item gone.</summary>
    protected void Unwatch()
    {
        lock (_watch)
        {
            _isTaken = _isEnded = true;
            _deadline?.Dispose();
            _cancellation.Unregister();
        }
    }
}

/// <summary>Work with its answer. The caller goes on in the thread pool, never on a worker. However it ends, nothing of the password stays in memory.</summary>
internal sealed class WorkItem<T> : WorkItem
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StrongBox<T> _answer = new();
    private readonly PasswordBytes _password;
    private readonly IEnumerator<BcryptRequest?> _steps;
    private Exception? _fault;

    public WorkItem(Func<PasswordBytes, StrongBox<T>, IEnumerator<BcryptRequest?>> work, PasswordBytes password, long rounds, PasswordQueueKey origin)
        : base(rounds, origin)
    {
        _password = password;
        _steps = work(password, _answer);
    }

    public Task<T> Answer => _completion.Task;

    public override BcryptRequest? Request => _steps.Current;

    public override bool MoveNext()
    {
        try
        {
            if (_steps.MoveNext())
            {
                return true;
            }
        }
        catch (Exception exception)
        {
            _fault = exception;
        }

        End();
        return false;
    }

    public override void Complete()
    {
        if (_fault is null)
        {
            _completion.TrySetResult(_answer.Value!);
        }
        else
        {
            _completion.TrySetException(_fault);
        }
    }

    public override void Refuse(Exception exception)
    {
        End();
        _completion.TrySetException(exception);
    }

    public override void Cancel(CancellationToken cancellationToken)
    {
        End();
        _completion.TrySetCanceled(cancellationToken);
    }

    private void End()
    {
        Unwatch();

        // Ends the step that it stands in, with the request that is in it.
        _steps.Dispose();
        _password.Dispose();
    }
}
