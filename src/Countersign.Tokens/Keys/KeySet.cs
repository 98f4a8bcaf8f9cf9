using System.Collections.Frozen;
using System.Collections.Immutable;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>
/// The keys that a service signs and verifies with; immutable. All keys of a set are symmetric, or none is (RFC 8725 §3.1: a set that mixes them invites
/// confusion). Ids are unique; only a set of shared secrets has keys without id.
/// </summary>
public sealed class KeySet
{
    /// <summary>Most keys without id in one set: the shared secret and the one that it replaces.</summary>
    private const int MaxKeysWithoutId = 2;

    /// <summary>Keys whose headers are compared with a token's before it is read. Behind so many, reading is cheaper.</summary>
    private const int MostRecognised = 8;

    private readonly FrozenDictionary<string, VerificationKey> _byId;
    private readonly ImmutableArray<VerificationKey> _verification;

    /// <summary>Makes a set.</summary>
    /// <param name="signing">The key that signs; null for a service that only verifies. Its own verification key is added if it is missing.</param>
    /// <param name="verification">The keys that verify.</param>
    /// <exception cref="ArgumentException">
    /// Two keys have the same id, symmetric and asymmetric keys are mixed, or keys with and without id are, or there are more than two without.
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

    /// <summary>No keys: every token is refused.</summary>
    public static KeySet Empty { get; } = new(signing: null, []);

    /// <summary>The key that signs; null when this service only verifies.</summary>
    public SigningKey? Signing { get; }

    /// <summary>The keys that verify, the one of <see cref="Signing"/> among them.</summary>
    public IReadOnlyList<VerificationKey> Verification => _verification;

    /// <summary>The keys of a shared secret, the current one first. Tokens without <c>kid</c> are held against these and no others.</summary>
    internal ImmutableArray<VerificationKey> WithoutId { get; }

    /// <summary>Finds the key that a <c>kid</c> names, compared ordinally.</summary>
    /// <param name="keyId">The id; null finds the current shared secret of a set of keys without id.</param>
    /// <returns>The key, or null when no key has that id.</returns>
    public VerificationKey? Find(string? keyId) => keyId is not null ? Find(keyId.AsSpan()) : WithoutId.IsEmpty ? null : WithoutId[0];

    /// <summary>The same look-up for text that never becomes a string.</summary>
    internal VerificationKey? Find(ReadOnlySpan<char> keyId) =>
        _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keyId, out var key) ? key : null;

    /// <summary>
    /// Finds the key under whose name this package would have written that very header segment. Then nothing is left to read in it: algorithm, key id and typ are
    /// known to be the key's. Any other header is read.
    /// </summary>
    /// <returns>The key, or null when the header is none of those.</returns>
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

    /// <summary>Whether that very object is among the keys. Sets are short: a walk costs less than a look-up.</summary>
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
            throw new ArgumentException("A key set has symmetric keys or asymmetric ones, not both.", parameter);
        }

        var withoutId = keys.Count(key => key.KeyId is null);
        if (withoutId != 0 && (withoutId != keys.Count || withoutId > MaxKeysWithoutId))
        {
            throw new ArgumentException(
                $"Keys without id stand alone: a shared secret and the one that it replaces, {MaxKeysWithoutId} at most.", parameter);
        }
    }
}
