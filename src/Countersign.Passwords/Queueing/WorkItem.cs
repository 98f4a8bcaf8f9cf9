using System.Runtime.CompilerServices;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Queueing;

/// <summary>
/// An item of work, from its place in the queue to its answer. A worker, its deadline, its cancellation or the end of the engine takes it out of the queue and
/// then decides how it ends. An item that a worker has taken is ended by that worker.
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

    /// <summary>The estimated cost in bcrypt rounds.</summary>
    public long Rounds { get; } = rounds;

    /// <summary>
    /// The usual cost of this kind of work. The queue decides by this cost. An account's stored hash may cost more, and a refusal must not reveal that.
    /// </summary>
    public long UsualRounds { get; init; } = rounds;

    public PasswordQueueKey Origin => origin;

    /// <summary>Whether its first step is for a thread beside the lanes. Fixed before it enters the queue.</summary>
    public bool BeginsBlocking { get; init; }

    /// <summary>Its place while it waits; null before and after. Guarded by the queue's lock.</summary>
    public LinkedListNode<WorkItem>? Place { get; set; }

    /// <summary>When it arrived, on the monotonic clock.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>Whether the caller cancelled after a worker took the item.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>The digest that it waits for. Null before the first step, and when its next step computes something itself.</summary>
    public abstract BcryptRequest? Request { get; }

    /// <summary>Keeps the timer and the registration that can end a waiting item. The item may have been taken or have ended in the meantime.</summary>
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

    /// <summary>Marks the item as no longer waiting. Its deadline ends, its cancellation stays. False if it was marked before.</summary>
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

    /// <summary>Tells the worker that has the item. The worker drops it at the end of its chunk.</summary>
    public void RequestCancellation(CancellationToken cancellationToken)
    {
        _cancelledBy = cancellationToken;
        _isCancelled = true;
    }

    /// <summary>Runs to the next request on the calling thread. False: the item has finished, and <see cref="Complete"/> gives the answer.</summary>
    public abstract bool MoveNext();

    /// <summary>Gives the caller the answer or the exception.</summary>
    public abstract void Complete();

    /// <summary>Ends the item with an exception.</summary>
    public abstract void Refuse(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);

    public void Cancel() => Cancel(_cancelledBy);

    /// <summary>Stops the timer and the registration. It does not wait for a callback that is running: the callback finds no item.</summary>
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

/// <summary>Work with its answer. The caller continues in the thread pool, never on a worker. No bytes of the password stay in memory at the end.</summary>
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

        // Ends the current step and its request.
        _steps.Dispose();
        _password.Dispose();
    }
}
