using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>
/// The keys that this node has decrypted. They are kept when the table is loaded again. Not thread-safe: the owner calls it from one thread at a time.
/// </summary>
internal sealed class DecryptedKeys(KeyWrapper wrapper, TimeProvider time) : IDisposable
{
    /// <summary>Longer than any signature takes. A thread that has a key may still sign with it after the key was dropped.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DecryptedKey> _keys = new(StringComparer.Ordinal);
    private readonly List<(SigningKey Key, long Timestamp)> _dropped = [];

    /// <summary>Reads the table's rows. It decrypts new keys, and drops keys that are gone or will not sign again.</summary>
    /// <returns>The rows that can't be decrypted.</returns>
    public IReadOnlyList<StoredKey> Update(IReadOnlyList<StoredKey> rows)
    {
        List<StoredKey> unreadable = [];
        foreach (var row in rows)
        {
            if (!TryKeep(row) && !TryOpen(row))
            {
                Drop(row.KeyId);
                unreadable.Add(row);
            }
        }

        var ids = rows.Select(static row => row.KeyId).ToHashSet(StringComparer.Ordinal);
        foreach (var keyId in _keys.Keys.Where(keyId => !ids.Contains(keyId)).ToList())
        {
            Drop(keyId);
        }

        Zero(static (elapsed, limit) => elapsed >= limit);
        return unreadable;
    }

    /// <summary>Returns the key of a row; null if it can't be decrypted.</summary>
    public DecryptedKey? Find(StoredKey row) => _keys.TryGetValue(row.KeyId, out var key) && key.Is(row) ? key : null;

    /// <summary>Zeroes all signing keys.</summary>
    public void Dispose()
    {
        foreach (var keyId in _keys.Keys.ToList())
        {
            Drop(keyId);
        }

        Zero(static (_, _) => true);
    }

    private bool TryKeep(StoredKey row)
    {
        if (Find(row) is not { } key)
        {
            return false;
        }

        if (DecryptedKey.CanSign(row))
        {
            // The signing part was dropped, and after a restored backup the key signs again.
            return key.Signer is not null;
        }

        DropSigner(key);
        return true;
    }

    private bool TryOpen(StoredKey row)
    {
        if (wrapper.TryOpen(row) is not { } signer)
        {
            return false;
        }

        Drop(row.KeyId);
        var key = new DecryptedKey(row, signer);
        _keys[row.KeyId] = key;
        if (!DecryptedKey.CanSign(row))
        {
            DropSigner(key);
        }

        return true;
    }

    private void Drop(string keyId)
    {
        if (_keys.Remove(keyId, out var key))
        {
            DropSigner(key);
        }
    }

    private void DropSigner(DecryptedKey key)
    {
        if (key.TakeSigner() is { } signer)
        {
            _dropped.Add((signer, time.GetTimestamp()));
        }
    }

    private void Zero(Func<TimeSpan, TimeSpan, bool> isOver) => _dropped.RemoveAll(dropped =>
    {
        if (!isOver(time.GetElapsedTime(dropped.Timestamp), LongestUse))
        {
            return false;
        }

        dropped.Key.Dispose();
        return true;
    });
}

/// <summary>
/// A key of the table that this node has decrypted. It stays the same object when the table is loaded again, so that remembered tokens need no second
/// verification. It stays usable if its row is later encrypted under a master key that this process does not have.
/// </summary>
internal sealed class DecryptedKey(StoredKey row, SigningKey signer)
{
    /// <summary>The part that verifies.</summary>
    public VerificationKey Verifier { get; } = signer.VerificationKey;

    /// <summary>The part that signs; null if the key will never sign again.</summary>
    public SigningKey? Signer { get; private set; } = signer;

    /// <summary>Whether a row belongs to this key.</summary>
    public bool Is(StoredKey other) =>
        string.Equals(row.KeyId, other.KeyId, StringComparison.Ordinal)
        && row.Use == other.Use
        && string.Equals(row.Algorithm, other.Algorithm, StringComparison.Ordinal)
        && (row.PublicKey is null) == (other.PublicKey is null)
        && row.PublicKey.GetValueOrDefault().Span.SequenceEqual(other.PublicKey.GetValueOrDefault().Span);

    /// <summary>Gives up the part that signs.</summary>
    /// <returns>That part. It must be zeroed when no thread can be using it. Null if it was already given up.</returns>
    public SigningKey? TakeSigner()
    {
        var taken = Signer;
        Signer = null;
        return taken;
    }

    /// <summary>Whether a key in this state can sign again. A session's refresh token is written again under the key that the session's row names.</summary>
    public static bool CanSign(StoredKey row) =>
        row.State is KeyState.Next or KeyState.Current || row is { Use: KeyUse.RefreshToken, State: KeyState.Retired };

    /// <summary>Returns the type's name and the key id.</summary>
    public override string ToString() => $"DecryptedKey {row.KeyId}";
}
