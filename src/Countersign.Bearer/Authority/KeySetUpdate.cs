using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>Puts a set that was fetched in the place of the one before, without making new objects of keys that are the same.</summary>
internal static class KeySetUpdate
{
    /// <summary>
    /// The fetched set with the old objects for the keys that have not changed. Remembered tokens hold on to the object that verified them, so a key that
    /// became another object would have every token verified anew.
    /// </summary>
    /// <returns><paramref name="held"/> itself where nothing has changed.</returns>
    public static KeySet Merge(KeySet held, KeySet fetched)
    {
        var merged = fetched.Verification.Select(key => held.Find(key.KeyId) is { } old && IsSame(old, key) ? old : key).ToList();
        return merged.SequenceEqual(held.Verification) ? held : new KeySet(signing: null, merged);
    }

    /// <summary>The ids of the keys that one set has and the other has not, or has with other material.</summary>
    public static string Name(KeySet these, KeySet without) =>
        string.Join(' ', these.Verification.Except(without.Verification).Select(static key => key.KeyId));

    /// <summary>Same id, same algorithm, same public key. A published set has no other kind.</summary>
    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        ReferenceEquals(one.Algorithm, other.Algorithm) && one.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.ExportSubjectPublicKeyInfo());
}
