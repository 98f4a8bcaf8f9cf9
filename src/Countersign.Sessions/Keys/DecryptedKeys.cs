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
