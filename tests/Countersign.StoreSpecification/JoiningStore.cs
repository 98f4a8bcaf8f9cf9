using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real store, whose transactions read accounts from the <see cref="AccountDirectory"/> as they otherwise do from Identity's tables.</summary>
internal sealed class JoiningStore(ISessionStore inner, AccountDirectory accounts) : IJoinedSessionStore, IAsyncDisposable
{
    /// <summary>Puts it before the store that is registered.</summary>
    public static void Decorate(IServiceCollection services, AccountDirectory accounts)
    {
        var registered = services.Single(static service => service.ServiceType == typeof(ISessionStore));
        services.Remove(registered);
        services.AddSingleton<ISessionStore>(provider => new JoiningStore((ISessionStore)registered.ImplementationFactory!(provider), accounts));
    }

    public Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        inner.RunAsync((transaction, token) => work(new JoiningTransaction(transaction, accounts), token), cancellationToken);

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

    private sealed class JoiningTransaction(ISessionTransaction inner, AccountDirectory accounts) : IJoinedSessionTransaction
    {
        public Task<LoadedSessions> LoadAsync(IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> userIds, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.LoadAsync(ids, userIds, now, cancellationToken);

        public async Task<LoadedSessions> LoadAsync(
            IReadOnlyCollection<Guid> ids,
            IReadOnlyCollection<string> userIds,
            IReadOnlyCollection<AccountRead> reads,
            DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            var loaded = await inner.LoadAsync(ids, userIds, now, cancellationToken);
            accounts.Answer(reads);
            return loaded;
        }

        public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken) => inner.SaveAsync(changes, cancellationToken);

        public Task<IReadOnlySet<Guid>> TouchAsync(IReadOnlyDictionary<Guid, int> generations, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.TouchAsync(generations, now, cancellationToken);
    }
}
