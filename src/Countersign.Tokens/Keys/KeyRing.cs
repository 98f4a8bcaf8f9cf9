namespace Countersign.Tokens.Keys;

/// <summary>
/// Holds the current <see cref="KeySet"/>. Replacing it is one reference write. An operation reads <see cref="Current"/> once and uses that set to its end.
/// </summary>
public sealed class KeyRing
{
    private volatile KeySet _current;

    /// <summary>Makes a ring with the given keys.</summary>
    public KeyRing(KeySet initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        _current = initial;
    }

    /// <summary>The keys in use now.</summary>
    public KeySet Current => _current;

    /// <summary>Replaces the keys for every operation that begins after this call.</summary>
    public void Replace(KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _current = keys;
    }
}
