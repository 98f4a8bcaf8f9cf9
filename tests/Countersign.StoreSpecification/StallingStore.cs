using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real store behind a database that can be made slow or be taken away.</summary>
internal sealed class StallingStore(ISessionStore inner) : ISessionStore, IAsyncDisposable
{
    /// <summary>What happens before a transaction begins.</summary>
    public Func<Task> BeforeBegin { get; set; } = static () => Task.CompletedTask;

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
        await inner.RunAsync(work, cancellationToken);
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
}
