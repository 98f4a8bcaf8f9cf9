using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real store behind a database that can be made slow or be taken away.</summary>
internal sealed class StallingStore(ISessionStore inner) : ISessionStore, IAsyncDisposable
{
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

    public async Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await BeforeBegin();
        await inner.RunAsync((transaction, token) => work(new StallingTransaction(transaction, this), token), cancellationToken);
        await AfterCommit();
    }

    public Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(string userId, Guid? before, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ListAsync(userId, before, limit, now, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private sealed class StallingTransaction(ISessionTransaction inner, StallingStore store) : ISessionTransaction
    {
        public async Task<IReadOnlyList<Session>> LoadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
        {
            await store.BeforeLoad();
            return await inner.LoadAsync(ids, cancellationToken);
        }

        public Task<IReadOnlyList<Session>> LoadLiveAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.LoadLiveAsync(userId, now, cancellationToken);

        public Task SaveAsync(SessionChanges changes, CancellationToken cancellationToken) => inner.SaveAsync(changes, cancellationToken);

        public Task<bool> TouchAsync(Guid id, int generation, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.TouchAsync(id, generation, now, cancellationToken);
    }
}
