namespace Countersign.Sessions.Writing;

/// <summary>One batch on its way through the store, which may begin its transaction more than once.</summary>
internal sealed class BatchRun(List<SessionCommand> commands)
{
    private List<SessionCommand> _commands = [.. commands.OrderBy(static command => command.ArrivalTimestamp)];

    /// <summary>What is still to be decided, in order of arrival: the queue's order differs where one request waited longer for its account's facts.</summary>
    public IReadOnlyList<SessionCommand> Commands => _commands;

    /// <summary>What has become too old on the way.</summary>
    public List<SessionCommand> Late { get; } = [];

    /// <summary>The decisions of the last attempt; null if there were none.</summary>
    public SessionBatch? Batch { get; private set; }

    /// <summary>When the last attempt decided, on the monotonic clock.</summary>
    public long DecidedTimestamp { get; private set; }

    /// <summary>Begins an attempt.</summary>
    public void Begin(Predicate<SessionCommand> isLate)
    {
        Batch = null;
        LeaveOutLate(isLate);
    }

    /// <summary>Leaves out what has become too old to be decided.</summary>
    public void LeaveOutLate(Predicate<SessionCommand> isLate)
    {
        List<SessionCommand> inTime = [];
        foreach (var command in _commands)
        {
            (isLate(command) ? Late : inTime).Add(command);
        }

        _commands = inTime;
    }

    /// <summary>Notes the attempt's decisions.</summary>
    public SessionBatch Decided(SessionBatch batch, long timestamp)
    {
        Batch = batch;
        DecidedTimestamp = timestamp;
        return batch;
    }
}
