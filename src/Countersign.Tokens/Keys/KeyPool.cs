namespace Countersign.Tokens.Keys;

/// <summary>
/// Idle instances of one asymmetric key. The base library promises thread safety for static members only, and its providers differ (OpenSSL, CNG, Apple),
/// so an instance is used by one thread at a time. Slots are taken and given back with one exchange each; nothing waits.
/// </summary>
/// <typeparam name="TInstance">The base library's key.</typeparam>
internal sealed class KeyPool<TInstance>(Func<TInstance> create)
    where TInstance : class, IDisposable
{
    // More idle instances than processors can't be in use at once, save by preempted threads, which make one more.
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

    /// <summary>Lets go of every idle instance; those in use go when they are given back.</summary>
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
