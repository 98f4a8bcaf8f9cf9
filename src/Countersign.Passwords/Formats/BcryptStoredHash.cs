using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Formats;

/// <summary>A stored hash that is based on bcrypt. One comparison needs one digest, and a lane computes it.</summary>
internal abstract class BcryptStoredHash : StoredHash
{
    /// <summary>
    /// Returns the digest to compute for a password. It takes the same work for every password, also if this scheme cannot hold the password exactly; then
    /// nothing matches it.
    /// </summary>
    public abstract BcryptRequest Begin(ReadOnlySpan<byte> password);

    /// <summary>Compares, in fixed time, the digest that <see cref="Begin"/> requested and a lane has computed.</summary>
    public abstract bool Matches(BcryptRequest computed);

    /// <summary>Whether a new hash of the password at this cost would have the same format and cost.</summary>
    public abstract bool IsCurrent(ReadOnlySpan<byte> password, int cost);
}
