using System.Security.Cryptography;
using Konscious.Security.Cryptography;

namespace Countersign.Passwords.Argon2;

/// <summary>Computes all Argon2id hashes. It limits how many are computed at once, and so limits their memory.</summary>
/// <param name="maxConcurrent">The largest number of hashes at once.</param>
/// <param name="compute">The function that computes a hash.</param>
internal sealed class Argon2Computation(int maxConcurrent, Func<Argon2idParameters, byte[], byte[]> compute)
{
    /// <summary>A monitor instead of a semaphore: a semaphore needs to be disposed of, and schemes that are kept in options are not.</summary>
    private readonly object _gate = new();
    private int _running;

    /// <summary>Waits for a free place and compares one password in fixed time.</summary>
    public bool Matches(Argon2idParameters stored, ReadOnlySpan<byte> password)
    {
        // The library throws on an empty password.
        if (password.IsEmpty)
        {
            return false;
        }

        byte[] copy = password.ToArray();
        Enter();
        try
        {
            byte[] computed = compute(stored, copy);
            bool matches = CryptographicOperations.FixedTimeEquals(computed, stored.Tag);
            CryptographicOperations.ZeroMemory(computed);
            return matches;
        }
        finally
        {
            Leave();
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <summary>Computes with the library. The library uses threads of the thread pool.</summary>
    public static byte[] Compute(Argon2idParameters stored, byte[] password)
    {
        using var argon2 = new Argon2id(password)
        {
            Salt = stored.Salt, MemorySize = stored.MemoryKibibytes, Iterations = stored.Iterations, DegreeOfParallelism = stored.Parallelism,
        };
        return argon2.GetBytes(stored.Tag.Length);
    }

    private void Enter()
    {
        lock (_gate)
        {
            while (_running == maxConcurrent)
            {
                Monitor.Wait(_gate);
            }

            _running++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running--;
            Monitor.Pulse(_gate);
        }
    }
}
