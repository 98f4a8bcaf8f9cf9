using System.Collections.Frozen;
using System.Collections.Immutable;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>
/// The keys with which a service signs and verifies; immutable. All keys of a set are symmetric, or all are asymmetric: a mixed set invites confusion (RFC 8725
/// §3.1). Ids are unique. Keys without id are allowed only in a set of shared secrets.
/// </summary>
public sealed class KeySet
{
    /// <summary>Most keys without id in one set: the shared secret and its predecessor.</summary>
    private const int MaxKeysWithoutId = 2;

    /// <summary>Number of keys whose header is compared with a token's header before the header is read. With more keys, reading is cheaper.</summary>
    private const int MostRecognised = 8;

    private readonly FrozenDictionary<string, VerificationKey> _byId;
    private readonly ImmutableArray<VerificationKey> _verification;

    /// <summary>Makes a set.</summary>
    /// <param name="signing">The key that signs; null for a service that only verifies. Its verification key is added if it is missing.</param>
    /// <param name="verification">The keys that verify.</param>
    /// <exception cref="ArgumentException">
    /// Two keys have the same id, the set mixes symmetric and asymmetric keys or keys with and without id, or more than two keys have no id.
    /// </exception>
    public KeySet(SigningKey? signing, IEnumerable<VerificationKey> verification)
    {
        ArgumentNullException.ThrowIfNull(verification);
        var keys = verification.ToList();
        if (signing is not null && !keys.Contains(signing.VerificationKey))
        {
            keys.Insert(0, signing.VerificationKey);
        }

        ThrowIfMixed(keys, nameof(verification));
        var byId = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key.KeyId is { } keyId && !byId.TryAdd(keyId, key))
            {
                throw new ArgumentException($"Two keys have the id {keyId}.", nameof(verification));
            }
        }

        Signing = signing;
        _verification = [.. keys];
        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        WithoutId = [.. keys.Where(key => key.KeyId is null)];
    }

    /// <summary>A set without keys. Every token is refused.</summary>
    public static KeySet Empty { get; } = new(signing: null, []);

    /// <summary>The key that signs; null when this service only verifies.</summary>
    public SigningKey? Signing { get; }

    /// <summary>The keys that verify, including that of <see cref="Signing"/>.</summary>
    public IReadOnlyList<VerificationKey> Verification => _verification;

    /// <summary>The keys of a shared secret, the current one first. Tokens without <c>kid</c> are verified only with these.</summary>
    internal ImmutableArray<VerificationKey> WithoutId { get; }

    /// <summary>Finds the key with the given <c>kid</c>. Ids are compared ordinally.</summary>
    /// <param name="keyId">The id. Null finds the current shared secret in a set of keys without id.</param>
    /// <returns>The key, or null if no key has the id.</returns>
    public VerificationKey? Find(string? keyId) => keyId is not null ? Find(keyId.AsSpan()) : WithoutId.IsEmpty ? null : WithoutId[0];

    /// <summary>The same for text in a span, so that no string is made.</summary>
    internal VerificationKey? Find(ReadOnlySpan<char> keyId) =>
        _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keyId, out var key) ? key : null;

    /// <summary>
    /// Finds the key for which this package would write exactly this header segment. The header then needs no reading: its algorithm, key id and typ are known.
    /// Any other header is read.
    /// </summary>
    /// <returns>The key, or null if there is none.</returns>
    internal VerificationKey? Recognise(ReadOnlySpan<byte> headerSegment, out HeaderTyp typ)
    {
        var keys = _verification.AsSpan();
        foreach (var key in keys[..Math.Min(keys.Length, MostRecognised)])
        {
            var isAccess = headerSegment.SequenceEqual(key.EncodedHeader(TokenType.Access));
            if (isAccess || headerSegment.SequenceEqual(key.EncodedHeader(TokenType.Refresh)))
            {
                typ = key.KeyId is null ? HeaderTyp.Jwt : isAccess ? HeaderTyp.Access : HeaderTyp.Refresh;
                return key;
            }
        }

        typ = HeaderTyp.Missing;
        return null;
    }

    /// <summary>Whether exactly this object is among the keys. Sets are short, so a loop costs less than a look-up.</summary>
    internal bool Holds(VerificationKey key)
    {
        foreach (var held in _verification.AsSpan())
        {
            if (ReferenceEquals(held, key))
            {
                return true;
            }
        }

        return false;
    }

    private static void ThrowIfMixed(List<VerificationKey> keys, string parameter)
    {
        var symmetric = keys.Count(key => key.Algorithm.IsSymmetric);
        if (symmetric != 0 && symmetric != keys.Count)
        {
            throw new ArgumentException("A key set has either symmetric or asymmetric keys, not both.", parameter);
        }

        var withoutId = keys.Count(key => key.KeyId is null);
        if (withoutId != 0 && (withoutId != keys.Count || withoutId > MaxKeysWithoutId))
        {
            throw new ArgumentException(
                $"A set with keys without id has no other keys, and at most {MaxKeysWithoutId}: a shared secret and its predecessor.", parameter);
        }
    }
}
