using System.Security.Cryptography;
using Konscious.Security.Cryptography;

namespace Countersign.Passwords.Argon2;

/// <summary>The one place where Argon2id is computed, and its memory taken: so many at once, and no more.</summary>
/// <param name="maxConcurrent">How many.</param>
/// <param name="compute">What computes a hash.</param>
internal sealed class Argon2Computation(int maxConcurrent, Func<Argon2idParameters, byte[], byte[]> compute)
{
    /// <summary>A monitor rather than a semaphore: schemes live in options, and nobody would dispose of it.</summary>
    private readonly object _gate = new();
    private int _running;

    /// <summary>Compares one password in fixed time, when there is a place.</summary>
    public bool Matches(Argon2idParameters stored, ReadOnlySpan<byte> password)
    {
        // The library throws on it.
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

    /// <summary>Computes with the library, on threads of the pool that it takes.</summary>
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
