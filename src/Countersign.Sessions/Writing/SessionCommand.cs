namespace Countersign.Sessions.Writing;

/// <summary>One command for the session writer. It is decided inside the writer's transaction, and answered after the commit.</summary>
internal abstract class SessionCommand
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Abandoned = 2;

    private int _stage = Waiting;

    /// <summary>Whether it was abandoned. Then no batch takes it, and the code that abandoned it answers it.</summary>
    public bool IsAbandoned => Volatile.Read(ref _stage) == Abandoned;

    /// <summary>When it arrived on the session clock, before any wait.</summary>
    public required DateTimeOffset Arrival { get; init; }

    /// <summary>When it arrived on the monotonic clock.</summary>
    public required long ArrivalTimestamp { get; init; }

    /// <summary>The session that it must read.</summary>
    public virtual Guid? SessionId => null;

    /// <summary>The account whose live sessions it must read.</summary>
    public virtual string? UserId => null;

    /// <summary>The key of the account that the transaction must read for it.</summary>
    public virtual object? AccountKey => null;

    /// <summary>Whether its answer is signed. Then it is decided under the keys that the transaction finds in force.</summary>
    public virtual bool LeadsToSignature => false;

    /// <summary>Decides, without any wait. If the transaction is tried again, this is called again, and the last decision counts.</summary>
    public abstract void Decide(SessionBatch batch);

    /// <summary>Answers with the decision.</summary>
    public abstract void Answer();

    /// <summary>Answers with an exception: nothing was decided, or the decision is not known or is out of date.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Takes the command into a batch. False if its time had run out before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>Returns the command from a batch that could not decide it.</summary>
    public void PutBack() => Volatile.Write(ref _stage, Waiting);

    /// <summary>Abandons the command. False if it is already in a batch, which then answers it.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;
}

/// <summary>A command with an answer.</summary>
internal abstract class SessionCommand<TAnswer> : SessionCommand
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TAnswer? _decided;

    /// <summary>Completes when the command is answered.</summary>
    public Task<TAnswer> Task => _answer.Task;

    /// <inheritdoc />
    public sealed override void Decide(SessionBatch batch) => _decided = DecideCore(batch);

    /// <inheritdoc />
    public sealed override void Answer() => _answer.TrySetResult(_decided!);

    /// <inheritdoc />
    public sealed override void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>Decides the answer, which is sent after the batch has committed.</summary>
    protected abstract TAnswer DecideCore(SessionBatch batch);
}
