using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Writing;

/// <summary>One batch in the store. The store may begin its transaction more than once.</summary>
internal sealed class BatchRun(List<SessionCommand> commands)
{
    private List<SessionCommand> _commands = [.. commands.OrderBy(static command => command.ArrivalTimestamp)];

    /// <summary>The commands that are not decided yet, in order of arrival. The queue's order differs if one request waited longer for its account.</summary>
    public IReadOnlyList<SessionCommand> Commands => _commands;

    /// <summary>Commands that became too old.</summary>
    public List<SessionCommand> Late { get; } = [];

    /// <summary>Commands that need a row or an account that another node had locked in the last attempt.</summary>
    public List<SessionCommand> Busy { get; } = [];

    /// <summary>Commands whose answer is signed, if this node had not loaded the current keys in the last attempt.</summary>
    public List<SessionCommand> Behind { get; } = [];

    /// <summary>The version of those keys.</summary>
    public long KeyVersion { get; private set; }

    /// <summary>When the statement that read this version was sent, on the monotonic clock.</summary>
    public long LoadTimestamp { get; private set; }

    /// <summary>The decisions of the last attempt; null if there were none.</summary>
    public SessionBatch? Batch { get; private set; }

    /// <summary>Whether the last attempt failed while it loaded. Then nothing was decided, and no commit was sent.</summary>
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

    /// <summary>Records that the attempt begins to load.</summary>
    public void BeginLoad(long timestamp)
    {
        IsLoading = true;
        LoadTimestamp = timestamp;
    }

    /// <summary>Removes commands that are too old to be decided.</summary>
    public void LeaveOutLate(Predicate<SessionCommand> isLate) => LeaveOut(isLate, Late);

    /// <summary>
    /// Removes commands that need something that another node has locked. All commands of one row are removed together, so their order stays.
    /// </summary>
    public void LeaveOutBusy(LoadedSessions loaded)
    {
        if (loaded.BusyIds.Count > 0 || loaded.BusyUserIds.Count > 0)
        {
            LeaveOut(
                command => (command.SessionId is { } id && loaded.BusyIds.Contains(id))
                    || (command.UserId is { } userId && loaded.BusyUserIds.Contains(userId)),
                Busy);
        }
    }

    /// <summary>Removes commands whose answer is signed, until this node has loaded the keys of a version of the table.</summary>
    public void LeaveOutSigning(long keyVersion)
    {
        KeyVersion = keyVersion;
        LeaveOut(static command => command.LeadsToSignature, Behind);
    }

    /// <summary>Records the attempt's decisions.</summary>
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
