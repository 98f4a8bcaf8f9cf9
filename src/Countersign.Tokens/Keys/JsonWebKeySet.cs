using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>Writes and reads JWK Sets of public signature keys (RFC 7517 §5). Private keys and secrets are neither written nor taken.</summary>
public static class JsonWebKeySet
{
    /// <summary>Writes the public keys; secrets are left out.</summary>
    /// <param name="keys">The keys, each with an id.</param>
    /// <returns>The set as JSON in UTF-8, with the members <c>kty</c>, <c>use</c>, <c>alg</c>, <c>kid</c> of each key, and <c>crv</c>, <c>x</c>, <c>y</c> or <c>n</c>, <c>e</c>.</returns>
    public static byte[] Write(IEnumerable<VerificationKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            // The type decides what is published, not a property: a secret is no such key.
            foreach (var key in keys.OfType<AsymmetricVerificationKey>())
            {
                WriteKey(writer, key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a set. One bad key refuses the whole set: a service that went on with the rest would refuse genuine tokens without saying why. Refused are
    /// symmetric keys (a published secret is none), private members, keys without <c>kid</c> or <c>alg</c> or with an unsupported one, a <c>use</c> other than
    /// <c>sig</c>, <c>key_ops</c> without <c>verify</c>, a curve, type or coordinate length that does not fit, points off the curve, and two keys of one id.
    /// Other members are ignored (RFC 7517 §4).
    /// </summary>
    /// <param name="json">The set in UTF-8, at most 64 KiB with at most 100 keys.</param>
    /// <param name="keys">The keys, none of which signs; null when the set is refused.</param>
    /// <param name="fault">What is wrong, naming the key; null when nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out KeySet? keys, [NotNullWhen(false)] out string? fault)
    {
        fault = JsonWebKeyReader.ReadSet(json, out keys);
        return keys is not null && fault is null;
    }

    private static void WriteKey(Utf8JsonWriter writer, AsymmetricVerificationKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("kty", key.KeyType);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", key.Algorithm.Name);
        writer.WriteString("kid", key.KeyId);
        key.WritePublicMembers(writer);
        writer.WriteEndObject();
    }
}
