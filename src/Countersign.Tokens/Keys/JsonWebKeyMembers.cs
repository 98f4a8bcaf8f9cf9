using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>Methods that the readers of public and private JWKs share.</summary>
internal static class JsonWebKeyMembers
{
    // RFC 7518 sections 6.2.2, 6.3.2, 6.4.1; "priv" belongs to the key type AKP.
    private static readonly string[] PrivateNames = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    public static bool HasPrivate(JsonElement json) => Array.Exists(PrivateNames, name => json.TryGetProperty(name, out _));

    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Is(JsonElement json, string name, string expected) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    /// <summary>Decodes a member from base64url. It makes no string, since a string cannot be zeroed.</summary>
    /// <returns>Null if the member is missing, empty, or not base64url.</returns>
    public static byte[]? Bytes(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        // The text includes its quotation marks. Such values need no escapes, and an escape is not base64url either.
        var encoded = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        var bytes = new byte[Base64UrlStrict.DecodedLength(encoded.Length)];
        if (Base64UrlStrict.TryDecode(encoded, bytes, out var decoded) && decoded.Length > 0)
        {
            return bytes;
        }

        // The decoded part of a refused value may be part of a secret.
        CryptographicOperations.ZeroMemory(bytes);
        return null;
    }

    /// <summary>
    /// Whether <c>use</c> and <c>key_ops</c> allow the operation (RFC 7517 §4.2, §4.3). Both are optional; if present, each must allow it. A key that is also
    /// for encryption is refused: one key has one use.
    /// </summary>
    /// <param name="json">The JWK.</param>
    /// <param name="operation"><c>sign</c> or <c>verify</c>.</param>
    public static bool IsFor(JsonElement json, string operation)
    {
        if (json.TryGetProperty("use", out _) && !Is(json, "use", "sig"))
        {
            return false;
        }

        if (!json.TryGetProperty("key_ops", out var operations))
        {
            return true;
        }

        if (operations.ValueKind != JsonValueKind.Array || operations.EnumerateArray().Any(static entry => entry.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        var names = operations.EnumerateArray().Select(static entry => entry.GetString()!).ToList();
        return names.Contains(operation, StringComparer.Ordinal)
            && names.TrueForAll(static name => name is "sign" or "verify")
            && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
    }

    /// <summary>Reads the id (null if there is none) and the algorithm of <c>alg</c>. Checks that <c>kty</c> and <c>crv</c> fit the algorithm.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadNames(JsonElement json, out string? keyId, out SignatureAlgorithm? algorithm)
    {
        keyId = Text(json, "kid");
        algorithm = SignatureAlgorithm.Find(Text(json, "alg"));
        return json.TryGetProperty("kid", out _) && (keyId is null || !KeyIdentifier.IsAllowed(keyId)) ? "its kid is not allowed."
            : algorithm is null ? "its alg is missing or not supported."
            : !Is(json, "kty", KeyType(algorithm)) ? $"its kty does not fit {algorithm.Name}."
            : algorithm.Curve is { } curve && !Is(json, "crv", curve.Name) ? $"its crv does not fit {algorithm.Name}."
            : null;
    }

    private static string KeyType(SignatureAlgorithm algorithm) => algorithm.IsSymmetric ? "oct" : algorithm.IsRsa ? "RSA" : "EC";
}
