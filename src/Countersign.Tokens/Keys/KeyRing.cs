namespace Countersign.Tokens.Keys;

/// <summary>
/// Holds the <see cref="KeySet"/> of the moment. Replacing it is one reference write: an operation reads <see cref="Current"/> once and works with what it got.
/// </summary>
public sealed class KeyRing
{
    private volatile KeySet _current;

    /// <summary>Makes a ring.</summary>
    public KeyRing(KeySet initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        _current = initial;
    }

    /// <summary>The keys of this moment.</summary>
    public KeySet Current => _current;

    /// <summary>Puts other keys in place for every operation that begins after this call.</summary>
    public void Replace(KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _current = keys;
    }
}
