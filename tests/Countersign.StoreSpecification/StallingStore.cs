using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real store behind a database that can be made slow or be taken away.</summary>
internal sealed class StallingStore(ISessionStore inner) : SessionStoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private HashSet<Guid> _heldIds = [];
    private HashSet<string> _heldUserIds = [];
    private TaskCompletionSource _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What happens before a transaction begins.</summary>
    public Func<Task> BeforeBegin { get; set; } = static () => Task.CompletedTask;

    /// <summary>What happens while a transaction locks its rows.</summary>
    public Func<Task> BeforeLoad { get; set; } = static () => Task.CompletedTask;

    /// <summary>What happens after a commit, before the writer is told.</summary>
    public Func<Task> AfterCommit { get; set; } = static () => Task.CompletedTask;

    /// <summary>Puts it before the store that is registered.</summary>
    public static void Decorate(IServiceCollection services) => services.Decorate<ISessionStore>(static store => new StallingStore(store));

    /// <summary>Holds up every transaction before it begins.</summary>
    /// <returns>Ends when the first has come; and what lets all of them go on.</returns>
    public (Task Reached, TaskCompletionSource Stalled) Stall()
    {
        var reached = new TaskCompletionSource();
        var stalled = new TaskCompletionSource();
        BeforeBegin = () =>
        {
            reached.TrySetResult();
            return stalled.Task;
        };
        return (reached.Task, stalled);
    }

    /// <summary>Lets another node seem to hold a session, and accounts.</summary>
    public void Hold(Guid id, params string[] userIds)
    {
        lock (_lock)
        {
            _heldIds = [id];
            _heldUserIds = new HashSet<string>(userIds, StringComparer.Ordinal);
            _attempt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets that node seem to be done.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _heldIds = [];
            _heldUserIds = [];
        }
    }

    /// <summary>Ends when a transaction has met what is held.</summary>
    public Task WaitForAttemptAsync() => _attempt.Task;

    public override async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await BeforeBegin();
        await base.RunAsync(work, cancellationToken);
        await AfterCommit();
    }

    protected override ISessionTransaction Wrap(ISessionTransaction transaction) => new StallingTransaction(transaction, this);

    private LoadedSessions WithoutHeld(LoadedSessions loaded, IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> userIds)
    {
        lock (_lock)
        {
            var busyIds = _heldIds.Intersect(ids).ToHashSet();
            var busyUserIds = _heldUserIds.Intersect(userIds, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
            if (busyIds.Count > 0 || busyUserIds.Count > 0)
            {
                _attempt.TrySetResult();
            }

            return new LoadedSessions
            {
                Sessions = [.. loaded.Sessions.Where(session => !busyIds.Contains(session.Id))],
                LiveByUser = loaded.LiveByUser.Where(live => !busyUserIds.Contains(live.Key)).ToDictionary(StringComparer.Ordinal),
                AccountRows = loaded.AccountRows,
                BusyIds = busyIds.Union(loaded.BusyIds).ToHashSet(),
                BusyUserIds = busyUserIds.Union(loaded.BusyUserIds, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
                KeyVersion = loaded.KeyVersion,
                Feed = loaded.Feed,
            };
        }
    }

    private sealed class StallingTransaction(ISessionTransaction inner, StallingStore store) : Transaction(inner)
    {
        private readonly ISessionTransaction _inner = inner;

        public override async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<object> accountKeys,
            DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            await store.BeforeLoad();
            var loaded = await _inner.LoadAsync(ids, userIds, accountKeys, now, cancellationToken);
            return store.WithoutHeld(loaded, ids, userIds);
        }
    }
}
