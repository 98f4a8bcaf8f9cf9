using Countersign.Tokens.Keys;

namespace Countersign.Bearer.Authority;

/// <summary>Replaces a key set with a fetched one. Keys that are the same keep their objects.</summary>
internal static class KeySetUpdate
{
    /// <summary>
    /// Returns the fetched set, with the old objects for unchanged keys. A remembered token refers to the object that verified it. With a new object for the
    /// same key, every token would be verified again.
    /// </summary>
    /// <returns><paramref name="held"/> itself if nothing has changed.</returns>
    public static KeySet Merge(KeySet held, KeySet fetched)
    {
        var merged = fetched.Verification.Select(key => held.Find(key.KeyId) is { } old && IsSame(old, key) ? old : key).ToList();
        return merged.SequenceEqual(held.Verification) ? held : new KeySet(signing: null, merged);
    }

    /// <summary>The ids of the keys that are in one set, and are missing from the other or have other material there.</summary>
    public static string Name(KeySet these, KeySet without) =>
        string.Join(' ', these.Verification.Except(without.Verification).Select(static key => key.KeyId));

    /// <summary>Whether id, algorithm and public key are the same. A published set contains only public keys.</summary>
    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        ReferenceEquals(one.Algorithm, other.Algorithm) && one.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.ExportSubjectPublicKeyInfo());
}
