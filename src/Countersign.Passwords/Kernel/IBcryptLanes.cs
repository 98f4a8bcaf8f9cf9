namespace Countersign.Passwords.Kernel;

/// <summary>
/// A batch of bcrypt digests that one thread computes side by side. They are numbered from zero without gaps: when one leaves, the last takes its number. The
/// caller has checked format, limits and Unicode before.
/// </summary>
internal interface IBcryptLanes : IDisposable
{
    /// <summary>The number of digests that fit.</summary>
    int Width { get; }

    /// <summary>The number of digests in the batch.</summary>
    int Active { get; }

    /// <summary>Rounds that the lane still has to compute.</summary>
    long RoundsLeft(int lane);

    /// <summary>Gives the request the next lane. The caller must not dispose of the request before the lane ends.</summary>
    void Begin(BcryptRequest request);

    /// <summary>Computes the given number of rounds on every lane. Every lane must have as many left.</summary>
    void Advance(long rounds);

    /// <summary>Writes the digest of a lane into its request and empties the lane. The lane must have no rounds left.</summary>
    void Finish(int lane);

    /// <summary>Empties a lane whose digest is not needed any more.</summary>
    void Drop(int lane);
}
