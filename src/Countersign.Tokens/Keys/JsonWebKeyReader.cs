using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>Reads JWKs (RFC 7517 §4, RFC 7518 §6.2). Sets are read rarely, so clearness goes before speed here.</summary>
internal static class JsonWebKeyReader
{
    /// <summary>Largest set in bytes: 100 keys of the largest kind fit several times.</summary>
    private const int MaxSetBytes = 64 * 1024;

    private const int MaxKeys = 100;

    // The private members of RFC 7518 sections 6.2.2, 6.3.2, 6.4.1.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <returns>What is wrong, or null.</returns>
    public static string? ReadSet(ReadOnlySpan<byte> json, out KeySet? keys)
    {
        keys = null;
        if (json.Length > MaxSetBytes)
        {
            return $"The JWK Set has more than {MaxSetBytes} bytes.";
        }

        if (StrictJson.Check(json) is not JsonFault.None)
        {
            return "The JWK Set is not one JSON object in UTF-8 without duplicate names.";
        }

        using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth });
        if (!document.RootElement.TryGetProperty("keys", out var members) || members.ValueKind != JsonValueKind.Array || members.GetArrayLength() > MaxKeys)
        {
            return $"The JWK Set has no array \"keys\" of at most {MaxKeys} keys.";
        }

        var read = new List<VerificationKey>();
        foreach (var member in members.EnumerateArray())
        {
            if (ReadKey(member, out var key) is { } fault)
            {
                return $"Key {read.Count} of the JWK Set: {fault}";
            }

            if (read.Exists(other => string.Equals(other.KeyId, key!.KeyId, StringComparison.Ordinal)))
            {
                return $"Key {read.Count} of the JWK Set: another key has its id.";
            }

            read.Add(key!);
        }

        keys = new KeySet(signing: null, read);
        return null;
    }

    private static string? ReadKey(JsonElement json, out VerificationKey? key)
    {
        key = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return "it is no JSON object.";
        }

        if (Array.Exists(PrivateMembers, name => json.TryGetProperty(name, out _)))
        {
            return "it has private or secret members.";
        }

        if (!IsForVerifying(json))
        {
            return "its use or key_ops is not for verifying signatures.";
        }

        if (Text(json, "kid") is not { } keyId || !KeyIdentifier.IsAllowed(keyId))
        {
            return "its kid is missing or not allowed.";
        }

        return SignatureAlgorithm.Find(Text(json, "alg")) is { Curve: not null } algorithm
            ? ReadPoint(json, algorithm, keyId, out key)
            : "its alg is missing or not a supported asymmetric algorithm.";
    }

    private static string? ReadPoint(JsonElement json, SignatureAlgorithm algorithm, string keyId, out VerificationKey? key)
    {
        key = null;
        var curve = algorithm.Curve!;
        if (!string.Equals(Text(json, "kty"), "EC", StringComparison.Ordinal) || !string.Equals(Text(json, "crv"), curve.Name, StringComparison.Ordinal))
        {
            return $"its kty or crv does not fit {algorithm.Name}.";
        }

        if (Coordinate(json, "x", curve) is not { } x || Coordinate(json, "y", curve) is not { } y)
        {
            return $"x and y are not {curve.CoordinateBytes} bytes each in base64url.";
        }

        try
        {
            key = EcdsaVerificationKey.FromPoint(new ECPoint { X = x, Y = y }, algorithm, keyId);
            return null;
        }
        catch (CryptographicException)
        {
            return $"its point is not on {curve.Name}.";
        }
    }

    /// <summary>RFC 7517 §4.2 and §4.3: both members are optional, and each that is there must allow it.</summary>
    private static bool IsForVerifying(JsonElement json)
    {
        if (json.TryGetProperty("use", out var use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"u8)))
        {
            return false;
        }

        return !json.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"u8)));
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Coordinate(JsonElement json, string name, NamedCurve curve)
    {
        var encoded = Encoding.UTF8.GetBytes(Text(json, name) ?? "");
        var bytes = new byte[Base64UrlStrict.DecodedLength(encoded.Length)];
        return Base64UrlStrict.TryDecode(encoded, bytes, out var decoded) && decoded.Length == curve.CoordinateBytes ? bytes : null;
    }
}
