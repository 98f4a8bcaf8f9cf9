using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>Writes JWKs and JWK Sets. The type of a key decides whether it is published: a secret is not an <see cref="AsymmetricVerificationKey"/>.</summary>
internal static class JsonWebKeyWriter
{
    /// <summary>Enough room for the largest private key. So the buffer never grows and leaves an old copy of a key behind.</summary>
    private const int LargestPrivateKeyBytes = 16 * 1024;

    public static byte[] Write(AsymmetricVerificationKey key) => Collect(1024, writer => WriteKey(writer, key));

    public static byte[] WriteSet(IEnumerable<AsymmetricVerificationKey> keys) => Collect(1024, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
        {
            WriteKey(writer, key);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static byte[] WritePrivate(SigningKey key) => Collect(LargestPrivateKeyBytes, writer => WritePrivateKey(writer, key));

    public static byte[] WritePrivateSet(IReadOnlyCollection<SigningKey> keys) => Collect(LargestPrivateKeyBytes * (keys.Count + 1), writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
        {
            WritePrivateKey(writer, key);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>Writes a number or octet string in base64url and leaves no copy.</summary>
    public static void WriteSecret(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> bytes)
    {
        var encoded = new byte[Base64Url.GetEncodedLength(bytes.Length)];
        Base64Url.EncodeToUtf8(bytes, encoded);
        writer.WriteString(name, encoded);
        CryptographicOperations.ZeroMemory(encoded);
    }

    private static void WriteKey(Utf8JsonWriter writer, AsymmetricVerificationKey key)
    {
        writer.WriteStartObject();
        WriteCommonMembers(writer, key.KeyType, key);
        key.WritePublicMembers(writer);
        writer.WriteEndObject();
    }

    private static void WritePrivateKey(Utf8JsonWriter writer, SigningKey key)
    {
        writer.WriteStartObject();
        if (key.VerificationKey is AsymmetricVerificationKey asymmetric)
        {
            WriteCommonMembers(writer, asymmetric.KeyType, asymmetric);
            asymmetric.WritePublicMembers(writer);
        }
        else
        {
            WriteCommonMembers(writer, "oct", key.VerificationKey);
        }

        key.WritePrivateMembers(writer);
        writer.WriteEndObject();
    }

    private static void WriteCommonMembers(Utf8JsonWriter writer, string keyType, VerificationKey key)
    {
        writer.WriteString("kty", keyType);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", key.Algorithm.Name);
        if (key.KeyId is { } keyId)
        {
            writer.WriteString("kid", keyId);
        }
    }

    private static byte[] Collect(int capacity, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
        try
        {
            using var writer = new Utf8JsonWriter(buffer);
            write(writer);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            // Zeroes what was written.
            buffer.Clear();
        }
    }
}
