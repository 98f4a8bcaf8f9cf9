namespace Countersign.Passwords;

/// <summary>A stored hash that an <see cref="IPasswordHashFormat"/> has read.</summary>
public interface IStoredPasswordHash
{
    /// <summary>
    /// The estimated time of one comparison, in rounds of bcrypt beside three others; at least 1. On an AMD EPYC of 2024 such a round takes 12 µs. The estimate
    /// is only for the queue: the extra work of a refusal is based on measured time.
    /// </summary>
    long EstimatedRounds { get; }

    /// <summary>
    /// Computes the hash and compares it in fixed time. It runs on a thread of the engine beside the lanes, or on the caller's thread with
    /// <see cref="PasswordHasher"/>. At most as many calls run at once as the engine has workers.
    /// </summary>
    /// <param name="password">UTF-8, at most 4,096 bytes. It is zeroed after the call. An implementation that copies it must zero the copy.</param>
    /// <returns>Whether it is the right password. False if the hash cannot be computed with this password.</returns>
    bool Matches(ReadOnlySpan<byte> password);
}
