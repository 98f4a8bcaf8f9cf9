namespace Countersign.Passwords.Formats;

/// <summary>A stored hash of a scheme other than bcrypt. It is computed in one step, outside of the lanes.</summary>
internal abstract class ForeignHash : StoredHash
{
    /// <summary>Compares one password in fixed time, on the calling thread.</summary>
    public abstract bool Matches(ReadOnlySpan<byte> password);
}
