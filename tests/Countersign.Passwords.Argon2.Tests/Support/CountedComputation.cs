using Countersign.Passwords.Argon2;

namespace Countersign.Passwords.Argon2.Tests.Support;

/// <summary>Stands where the memory is taken, and counts: how many at once, and how much they would hold together.</summary>
internal sealed class CountedComputation(Action? whileRunning = null)
{
    private readonly Lock _gate = new();
    private int _running;
    private long _kibibytes;

    public int Calls { get; private set; }

    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    public int MostRunning { get; private set; }

    public long MostKibibytes { get; private set; }

    public byte[] Compute(Argon2idParameters stored, byte[] password)
    {
        lock (_gate)
        {
            Calls++;
            MostRunning = Math.Max(MostRunning, ++_running);
            _kibibytes += stored.MemoryKibibytes;
            MostKibibytes = Math.Max(MostKibibytes, _kibibytes);
        }

        whileRunning?.Invoke();
        lock (_gate)
        {
            _running--;
            _kibibytes -= stored.MemoryKibibytes;
        }

        return new byte[stored.Tag.Length];
    }
}
