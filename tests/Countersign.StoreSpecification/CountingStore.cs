using Countersign.Sessions;
using Countersign.Sessions.Stores;

namespace Countersign.StoreSpecification;

/// <summary>The real store, which counts how often it is asked for a row or for a transaction.</summary>
internal sealed class CountingStore(ISessionStore inner) : SessionStoreDecorator(inner)
{
    private int _uses;

    /// <summary>How often it was used.</summary>
    public int Uses => Volatile.Read(ref _uses);

    public override Task<Session?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _uses);
        return base.FindAsync(id, cancellationToken);
    }

    public override Task RunAsync(Func<ISessionTransaction, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _uses);
        return base.RunAsync(work, cancellationToken);
    }

    protected override ISessionTransaction Wrap(ISessionTransaction transaction) => transaction;
}
