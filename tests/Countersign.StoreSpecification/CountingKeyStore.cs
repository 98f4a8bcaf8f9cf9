using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The real key store, which counts how often it is read and can be made to fail.</summary>
internal sealed class CountingKeyStore(IKeyStore inner) : IKeyStore
{
    private int _loads;

    /// <summary>How often the keys were asked for.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>What comes before each read.</summary>
    public Func<CancellationToken, Task> BeforeLoad { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Puts it before the store that is registered.</summary>
    public static void Decorate(IServiceCollection services) => services.Decorate<IKeyStore>(static store => new CountingKeyStore(store));

    public async Task<StoredKeys> LoadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        await BeforeLoad(cancellationToken);
        return await inner.LoadAsync(cancellationToken);
    }

    public Task<bool> TryWriteAsync(KeyChanges changes, long expectedVersion, CancellationToken cancellationToken) =>
        inner.TryWriteAsync(changes, expectedVersion, cancellationToken);

    public Task<bool> TryEnterModeAsync(SigningMode mode, SecurityEvent? change, CancellationToken cancellationToken) =>
        inner.TryEnterModeAsync(mode, change, cancellationToken);
}
