namespace Countersign.Tokens.Keys;

/// <summary>
/// Idle instances of one asymmetric key. The base library promises thread safety only for static members, and its providers differ (OpenSSL, CNG, Apple). So
/// one thread uses an instance at a time. Taking and returning an instance is one exchange each, and nothing waits.
/// </summary>
/// <typeparam name="TInstance">The type of key in the base library.</typeparam>
internal sealed class KeyPool<TInstance>(Func<TInstance> create)
    where TInstance : class, IDisposable
{
    // At most one instance for each processor is in use, except when threads are preempted. These make one more.
    private readonly TInstance?[] _idle = new TInstance?[Environment.ProcessorCount];
    private volatile bool _closed;

    public TInstance Rent()
    {
        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.Exchange(ref Slot(first + i), null) is { } instance)
            {
                return instance;
            }
        }

        return create();
    }

    public void Return(TInstance instance)
    {
        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; i < _idle.Length && !_closed; i++)
        {
            if (Interlocked.CompareExchange(ref Slot(first + i), instance, null) is null)
            {
                if (_closed)
                {
                    Empty();
                }

                return;
            }
        }

        instance.Dispose();
    }

    /// <summary>Releases all idle instances. Instances in use are released when they are returned.</summary>
    public void Close()
    {
        _closed = true;
        Empty();
    }

    private ref TInstance? Slot(int index) => ref _idle[(index & int.MaxValue) % _idle.Length];

    private void Empty()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
        }
    }
}
