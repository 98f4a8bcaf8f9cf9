using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>Reads public JWKs (RFC 7517 §4, RFC 7518 §6). Keys are read rarely, so the code is written for clarity, not for speed.</summary>
internal static class JsonWebKeyReader
{
    /// <summary>
    /// Whether a set is read without this key, because its type or algorithm is unknown here (RFC 7517 §5). A key with a private member is never skipped, and
    /// neither is a key without <c>kty</c> or <c>alg</c>.
    /// </summary>
    public static bool IsUnknown(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && !JsonWebKeyMembers.HasPrivate(json)
        && JsonWebKeyMembers.Text(json, "kty") is { } type
        && (type is not ("EC" or "RSA" or "oct")
            || (JsonWebKeyMembers.Text(json, "alg") is { } algorithm && SignatureAlgorithm.Find(algorithm) is null));

    /// <returns>What is wrong, or null.</returns>
    public static string? ReadPublic(JsonElement json, out VerificationKey? key)
    {
        key = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return "it is not a JSON object.";
        }

        if (JsonWebKeyMembers.HasPrivate(json))
        {
            return "it has private or secret members.";
        }

        if (!JsonWebKeyMembers.IsFor(json, "verify"))
        {
            return "its use or key_ops is not for verifying signatures alone.";
        }

        if (JsonWebKeyMembers.ReadNames(json, out var keyId, out var algorithm) is { } fault)
        {
            return fault;
        }

        // The only member of a secret is one of the private members.
        return algorithm!.Curve is not null ? ReadPoint(json, algorithm, keyId, out key)
            : algorithm.IsRsa ? ReadRsa(json, algorithm, keyId, out key)
            : "it has no key.";
    }

    /// <returns>What is wrong, or null.</returns>
    public static string? ReadPoint(JsonElement json, NamedCurve curve, out ECPoint point)
    {
        point = new ECPoint { X = JsonWebKeyMembers.Bytes(json, "x"), Y = JsonWebKeyMembers.Bytes(json, "y") };
        return point.X?.Length == curve.CoordinateBytes && point.Y?.Length == curve.CoordinateBytes
            ? null
            : $"x and y are not {curve.CoordinateBytes} bytes each in base64url.";
    }

    private static string? ReadPoint(JsonElement json, SignatureAlgorithm algorithm, string? keyId, out VerificationKey? key)
    {
        key = null;
        if (ReadPoint(json, algorithm.Curve!, out var point) is { } fault)
        {
            return fault;
        }

        try
        {
            key = EcdsaVerificationKey.FromPoint(point, algorithm, keyId);
            return null;
        }
        catch (CryptographicException)
        {
            return $"its point is not on {algorithm.Curve!.Name}.";
        }
    }

    private static string? ReadRsa(JsonElement json, SignatureAlgorithm algorithm, string? keyId, out VerificationKey? key)
    {
        key = null;
        var parameters = new RSAParameters { Modulus = JsonWebKeyMembers.Bytes(json, "n"), Exponent = JsonWebKeyMembers.Bytes(json, "e") };
        if (RsaKeyRules.FindFault(parameters.Modulus, parameters.Exponent) is { } fault)
        {
            return fault;
        }

        try
        {
            key = RsaVerificationKey.FromParameters(parameters, algorithm, keyId);
            return null;
        }
        catch (CryptographicException)
        {
            return "n and e are not an RSA key.";
        }
    }
}
