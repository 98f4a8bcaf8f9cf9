namespace Countersign.Passwords.Kernel;

/// <summary>
/// A batch of bcrypt digests that one thread computes side by side. Those in it are numbered from zero without gaps: when one leaves, the last takes its number.
/// Callers have settled every question of format, limits and Unicode before.
/// </summary>
internal interface IBcryptLanes : IDisposable
{
    /// <summary>How many digests there is room for.</summary>
    int Width { get; }

    /// <summary>How many there are.</summary>
    int Active { get; }

    /// <summary>Rounds that the lane still has to do.</summary>
    long RoundsLeft(int lane);

    /// <summary>Gives the request the next lane. The caller keeps it, undisposed, until the lane ends.</summary>
    void Begin(BcryptRequest request);

    /// <summary>Computes so many rounds on every lane; no lane may have fewer left.</summary>
    void Advance(long rounds);

    /// <summary>Writes the digest of a lane without rounds left into its request, and empties the lane.</summary>
    void Finish(int lane);

    /// <summary>Empties a lane whose digest nobody wants.</summary>
    void Drop(int lane);
}
