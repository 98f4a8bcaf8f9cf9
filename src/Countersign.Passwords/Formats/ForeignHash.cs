namespace Countersign.Passwords.Formats;

/// <summary>A stored hash of a scheme that is not bcrypt: computed in one go, off the lanes.</summary>
internal abstract class ForeignHash : StoredHash
{
    /// <summary>Compares one password in fixed time, on the calling thread.</summary>
    public abstract bool Matches(ReadOnlySpan<byte> password);
}
