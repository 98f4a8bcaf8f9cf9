namespace Countersign.Passwords.Queueing;

/// <summary>A place in the queue. Whoever takes it out of the queue (a worker, its deadline, its cancellation, the end of the engine) decides how it ends.</summary>
internal abstract class WorkItem(long rounds, PasswordOrigin origin)
{
    private ITimer? _deadline;
    private CancellationTokenRegistration _cancellation;

    /// <summary>About how much it costs, in bcrypt rounds.</summary>
    public long Rounds => rounds;

    public PasswordOrigin Origin => origin;

    /// <summary>Its place while it waits; null before and after. Guarded by the queue's lock.</summary>
    public LinkedListNode<WorkItem>? Place { get; set; }

    /// <summary>When it came, on the monotonic clock.</summary>
    public long ArrivedAt { get; set; }

    public void Watch(ITimer deadline, CancellationTokenRegistration cancellation)
    {
        _deadline = deadline;
        _cancellation = cancellation;
    }

    /// <summary>Ends the watch over a waiting item. Does not wait for a callback that runs now: it will find the item gone from the queue.</summary>
    public void Unwatch()
    {
        _deadline?.Dispose();
        _cancellation.Unregister();
    }

    /// <summary>Computes on the calling thread and keeps the result, or the exception: a worker outlives whatever its work does.</summary>
    public abstract void Compute();

    /// <summary>Gives the caller what <see cref="Compute"/> kept.</summary>
    public abstract void Complete();

    public abstract void Refuse(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);
}

/// <summary>Work with its answer. The caller goes on in the thread pool, never on a worker.</summary>
internal sealed class WorkItem<T>(Func<PasswordBytes, T> work, PasswordBytes password, long rounds, PasswordOrigin origin) : WorkItem(rounds, origin)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _fault;

    public Task<T> Answer => _answer.Task;

    public override void Compute()
    {
        try
        {
            _result = work(password);
        }
        catch (Exception exception)
        {
            _fault = exception;
        }
        finally
        {
            password.Dispose();
        }
    }

    public override void Complete()
    {
        if (_fault is null)
        {
            _answer.TrySetResult(_result!);
        }
        else
        {
            _answer.TrySetException(_fault);
        }
    }

    public override void Refuse(Exception exception)
    {
        password.Dispose();
        _answer.TrySetException(exception);
    }

    public override void Cancel(CancellationToken cancellationToken)
    {
        password.Dispose();
        _answer.TrySetCanceled(cancellationToken);
    }
}
