namespace Countersign.Passwords;

/// <summary>A stored hash that an <see cref="IForeignPasswordScheme"/> has read.</summary>
public interface IForeignPasswordHash
{
    /// <summary>
    /// About how long one comparison takes a core, in rounds of bcrypt beside three others (on an AMD EPYC of 2024 one takes 12 µs); at least 1. It is only for the estimate of the
    /// queue: how much a refusal still lacks is measured.
    /// </summary>
    long EstimatedRounds { get; }

    /// <summary>
    /// Computes and compares in fixed time. Runs on a thread of the engine beside the lanes, or on the caller's of <see cref="PasswordHasher"/>; at most as many at once as the
    /// engine has workers.
    /// </summary>
    /// <param name="password">UTF-8, at most 4,096 bytes. Zeroed after the call: what copies it zeroes its copy.</param>
    /// <returns>Whether it is the password. What cannot be computed with this password is false.</returns>
    bool Matches(ReadOnlySpan<byte> password);
}
