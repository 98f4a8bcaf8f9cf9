using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Writing;

/// <summary>One batch on its way through the store, which may begin its transaction more than once.</summary>
internal sealed class BatchRun(List<SessionCommand> commands)
{
    private List<SessionCommand> _commands = [.. commands.OrderBy(static command => command.ArrivalTimestamp)];

    /// <summary>What is still to be decided, in order of arrival: the queue's order differs where one request waited longer for its account's facts.</summary>
    public IReadOnlyList<SessionCommand> Commands => _commands;

    /// <summary>What has become too old on the way.</summary>
    public List<SessionCommand> Late { get; } = [];

    /// <summary>What needs a row or an account that another node held in the last attempt.</summary>
    public List<SessionCommand> Busy { get; } = [];

    /// <summary>What will be signed, under keys that this node had not loaded in the last attempt.</summary>
    public List<SessionCommand> Behind { get; } = [];

    /// <summary>The version of those keys.</summary>
    public long KeyVersion { get; private set; }

    /// <summary>When the statement was sent that has found it, on the monotonic clock.</summary>
    public long LoadTimestamp { get; private set; }

    /// <summary>The decisions of the last attempt; null if there were none.</summary>
    public SessionBatch? Batch { get; private set; }

    /// <summary>Whether the last attempt failed, if it did, while it loaded: nothing was decided then, and nothing sent to be committed.</summary>
    public bool IsLoading { get; set; }

    /// <summary>Whether the last attempt has read accounts.</summary>
    public bool HasReadAccounts { get; set; }

    /// <summary>When the last attempt decided, on the monotonic clock.</summary>
    public long DecidedTimestamp { get; private set; }

    /// <summary>Begins an attempt.</summary>
    public void Begin(Predicate<SessionCommand> isLate)
    {
        Batch = null;
        IsLoading = false;
        HasReadAccounts = false;
        if (Busy.Count > 0 || Behind.Count > 0)
        {
            _commands = [.. _commands.Concat(Busy).Concat(Behind).OrderBy(static command => command.ArrivalTimestamp)];
            Busy.Clear();
            Behind.Clear();
        }

        LeaveOutLate(isLate);
    }

    /// <summary>Notes that the attempt loads from now on.</summary>
    public void BeginLoad(long timestamp)
    {
        IsLoading = true;
        LoadTimestamp = timestamp;
    }

    /// <summary>Leaves out what has become too old to be decided.</summary>
    public void LeaveOutLate(Predicate<SessionCommand> isLate) => LeaveOut(isLate, Late);

    /// <summary>Leaves out what another node has in its hands. All commands of one row leave together, so their order stays.</summary>
    public void LeaveOutBusy(LoadedSessions loaded)
    {
        if (loaded.BusyIds.Count > 0 || loaded.BusyUserIds.Count > 0)
        {
            LeaveOut(
                command => (command.SessionId is { } id && loaded.BusyIds.Contains(id)) || (command.UserId is { } userId && loaded.BusyUserIds.Contains(userId)),
                Busy);
        }
    }

    /// <summary>Leaves out what would be answered with a signature, until this node has loaded the keys of a version of the table.</summary>
    public void LeaveOutSigning(long keyVersion)
    {
        KeyVersion = keyVersion;
        LeaveOut(static command => command.LeadsToSignature, Behind);
    }

    /// <summary>Notes the attempt's decisions.</summary>
    public SessionBatch Decided(SessionBatch batch, long timestamp)
    {
        Batch = batch;
        DecidedTimestamp = timestamp;
        return batch;
    }

    private void LeaveOut(Predicate<SessionCommand> leaves, List<SessionCommand> to)
    {
        List<SessionCommand> staying = [];
        foreach (var command in _commands)
        {
            (leaves(command) ? to : staying).Add(command);
        }

        _commands = staying;
    }
}
