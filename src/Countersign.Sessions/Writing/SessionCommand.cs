namespace Countersign.Sessions.Writing;

/// <summary>One piece of work for the session writer: it is decided inside the writer's transaction and answered after the commit.</summary>
internal abstract class SessionCommand
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Abandoned = 2;

    private int _stage = Waiting;

    /// <summary>Whether it was given up: no batch takes it any more, and whoever gave it up answers it.</summary>
    public bool IsAbandoned => Volatile.Read(ref _stage) == Abandoned;

    /// <summary>When it arrived, on the session clock: taken before anything waits.</summary>
    public required DateTimeOffset Arrival { get; init; }

    /// <summary>The same moment on the monotonic clock.</summary>
    public required long ArrivalTimestamp { get; init; }

    /// <summary>The sessions that it must see.</summary>
    public virtual Guid? SessionId => null;

    /// <summary>The account all of whose live sessions it must see.</summary>
    public virtual string? UserId => null;

    /// <summary>The key of the account whose row the transaction must read for it.</summary>
    public virtual object? AccountKey => null;

    /// <summary>Whether its answer is signed: it is decided under the keys that the transaction finds in force.</summary>
    public virtual bool LeadsToSignature => false;

    /// <summary>Decides, without waiting for anything. It may be called again when the transaction is tried again: the last decision counts.</summary>
    public abstract void Decide(SessionBatch batch);

    /// <summary>Answers what was decided.</summary>
    public abstract void Answer();

    /// <summary>Answers that there is no answer: nothing was decided, or what was is not known or out of date.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Takes the command into a batch; false if its time had run out before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>Gives it back from a batch that could not decide it.</summary>
    public void PutBack() => Volatile.Write(ref _stage, Waiting);

    /// <summary>Gives the command up; false if it is already in a batch, which then answers it.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;
}

/// <summary>A command with an answer.</summary>
internal abstract class SessionCommand<TAnswer> : SessionCommand
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TAnswer? _decided;

    /// <summary>Ends when the command has been answered.</summary>
    public Task<TAnswer> Task => _answer.Task;

    /// <inheritdoc />
    public sealed override void Decide(SessionBatch batch) => _decided = DecideCore(batch);

    /// <inheritdoc />
    public sealed override void Answer() => _answer.TrySetResult(_decided!);

    /// <inheritdoc />
    public sealed override void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>Decides what the answer will be once the batch has committed.</summary>
    protected abstract TAnswer DecideCore(SessionBatch batch);
}
