using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real store behind a database that can be made slow or be taken away.</summary>
internal sealed class StallingStore(ISessionStore inner) : IJoinedSessionStore, IAsyncDisposable
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
    public static void Decorate(IServiceCollection services)
    {
        var registered = services.Single(static service => service.ServiceType == typeof(ISessionStore));
        services.Remove(registered);
        services.AddSingleton<ISessionStore>(provider => new StallingStore((ISessionStore)registered.ImplementationFactory!(provider)));
    }

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

    public async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await BeforeBegin();
        await inner.RunAsync((transaction, token) => work(new StallingTransaction(transaction, this), token), cancellationToken);
        await AfterCommit();
    }

    public Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ListAsync(userId, before, limit, now, cancellationToken);

    public Task<IReadOnlyList<Guid>> FindUsedSinceAsync(DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken) =>
        inner.FindUsedSinceAsync(since, beganBefore, after, limit, cancellationToken);

    public Task<RevokedEveryone> RevokeEveryoneAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken) =>
        inner.RevokeEveryoneAsync(reason, line, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

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
                BusyIds = busyIds.Union(loaded.BusyIds).ToHashSet(),
                BusyUserIds = busyUserIds.Union(loaded.BusyUserIds, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
                KeyVersion = loaded.KeyVersion,
                Epoch = loaded.Epoch,
            };
        }
    }

    private sealed class StallingTransaction(ISessionTransaction inner, StallingStore store) : IJoinedSessionTransaction
    {
        public async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> userIds, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await store.BeforeLoad();
            var loaded = await inner.LoadAsync(ids, userIds, now, cancellationToken);
            return store.WithoutHeld(loaded, ids, userIds);
        }

        public async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<AccountRead> accounts,
            DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            await store.BeforeLoad();
            var loaded = await ((IJoinedSessionTransaction)inner).LoadAsync(ids, userIds, accounts, now, cancellationToken);
            return store.WithoutHeld(loaded, ids, userIds);
        }

        public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken) => inner.SaveAsync(changes, cancellationToken);

        public Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.TouchAsync(generations, now, cancellationToken);
    }
}
