namespace Countersign.Sessions.Writing;

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
