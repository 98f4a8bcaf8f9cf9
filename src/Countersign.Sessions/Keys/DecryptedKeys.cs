using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The keys that this node has decrypted, kept over reloads. Not safe for use by many threads: its owner lets one in at a time.</summary>
internal sealed class DecryptedKeys(KeyWrapper wrapper, TimeProvider time) : IDisposable
{
    /// <summary>Longer than any signature takes: a thread that got hold of a key before it was dropped still signs with it.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DecryptedKey> _keys = new(StringComparer.Ordinal);
    private readonly List<(SigningKey Key, long Timestamp)> _dropped = [];

    /// <summary>Takes in the table's rows: decrypts what is new, and drops what is gone or will not sign again.</summary>
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

    /// <summary>The key of a row; null if it can't be decrypted.</summary>
    public DecryptedKey? Find(StoredKey row) => _keys.TryGetValue(row.KeyId, out var key) && key.Is(row) ? key : null;

    /// <summary>Zeroes all that signs.</summary>
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
            // It was given up, and a restored backup has made it one that signs again.
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
/// A key of the table that this node has decrypted. It stays the same object over reloads, so that tokens that have verified need not verify again; and it
/// stays open when its row comes to be under a master key that this process does not have.
/// </summary>
internal sealed class DecryptedKey(StoredKey row, SigningKey signer)
{
    /// <summary>What verifies.</summary>
    public VerificationKey Verifier { get; } = signer.VerificationKey;

    /// <summary>What signs; null once it never will again.</summary>
    public SigningKey? Signer { get; private set; } = signer;

    /// <summary>Whether a row is of this key.</summary>
    public bool Is(StoredKey other) =>
        string.Equals(row.KeyId, other.KeyId, StringComparison.Ordinal)
        && row.Use == other.Use
        && string.Equals(row.Algorithm, other.Algorithm, StringComparison.Ordinal)
        && (row.PublicKey is null) == (other.PublicKey is null)
        && row.PublicKey.GetValueOrDefault().Span.SequenceEqual(other.PublicKey.GetValueOrDefault().Span);

    /// <summary>Gives up the part that signs.</summary>
    /// <returns>That part, to be zeroed once no thread can be signing with it; null if it was given up before.</returns>
    public SigningKey? TakeSigner()
    {
        var taken = Signer;
        Signer = null;
        return taken;
    }

    /// <summary>
    /// Whether a key of this state ever signs again: a refresh token of a session is written again under the key that the session's row names.
    /// </summary>
    public static bool CanSign(StoredKey row) =>
        row.State is KeyState.Next or KeyState.Current || row is { Use: KeyUse.RefreshToken, State: KeyState.Retired };

    /// <summary>The key id alone.</summary>
    public override string ToString() => $"DecryptedKey {row.KeyId}";
}
