using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>A stored hash that is bcrypt at its core: one comparison is one digest, which a lane computes.</summary>
internal abstract class BcryptStoredHash : StoredHash
{
    /// <summary>
    /// The digest to compute for a password. Of the same work for every password, also for one that this scheme cannot hold exactly (then nothing matches it).
    /// </summary>
    public abstract BcryptRequest Begin(ReadOnlySpan<byte> password);

    /// <summary>Compares, in fixed time, what <see cref="Begin"/> asked for and a lane has computed.</summary>
    public abstract bool Matches(BcryptRequest computed);

    /// <summary>Whether this is what would be written for the password today, at this cost.</summary>
    public abstract bool IsCurrent(ReadOnlySpan<byte> password, int cost);
}
