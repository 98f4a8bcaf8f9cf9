using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>A store of sessions that does what another does, with transactions of its own.</summary>
internal abstract class SessionStoreDecorator(ISessionStore inner) : ISessionStore, IAsyncDisposable
{
    public virtual Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        inner.RunAsync((transaction, token) => work(Wrap(transaction), token), cancellationToken);

    public virtual Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ListAsync(userId, before, limit, now, cancellationToken);

    public Task<IReadOnlyList<string>> FindAddressesAsync(string userId, int limit, CancellationToken cancellationToken) =>
        inner.FindAddressesAsync(userId, limit, cancellationToken);

    public Task<long> FindRevisionAsync(CancellationToken cancellationToken) => inner.FindRevisionAsync(cancellationToken);

    public Task<IReadOnlyList<Guid>> FindUsedSinceAsync(
        DateTimeOffset since, DateTimeOffset beganBefore, Guid? after, int limit, CancellationToken cancellationToken) =>
        inner.FindUsedSinceAsync(since, beganBefore, after, limit, cancellationToken);

    public Task<RevokedUsers> RevokeAllUsersAsync(RevocationReason reason, SecurityEvent line, CancellationToken cancellationToken) =>
        inner.RevokeAllUsersAsync(reason, line, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    protected abstract ISessionTransaction Wrap(ISessionTransaction transaction);

    /// <summary>A transaction that loads in a way of its own.</summary>
    protected abstract class Transaction(ISessionTransaction inner) : ISessionTransaction
    {
        public abstract Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<object> accountKeys,
            DateTimeOffset now,
            CancellationToken cancellationToken);

        public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken) => inner.SaveAsync(changes, cancellationToken);

        public Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.TouchAsync(generations, now, cancellationToken);
    }
}
