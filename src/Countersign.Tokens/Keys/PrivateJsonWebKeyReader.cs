using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Tokens.Keys;

/// <summary>Reads private JWKs and secrets (RFC 7518 §6.2.2, §6.3.2, §6.4).</summary>
internal static class PrivateJsonWebKeyReader
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(JsonElement json, out SigningKey? key)
    {
        key = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return "it is not a JSON object.";
        }

        if (!JsonWebKeyMembers.IsFor(json, "sign"))
        {
            return "its use or key_ops is not for signing alone.";
        }

        if (JsonWebKeyMembers.ReadNames(json, out var keyId, out var algorithm) is { } fault)
        {
            return fault;
        }

        try
        {
            return algorithm!.IsSymmetric ? ReadSecret(json, algorithm, keyId, out key)
                : algorithm.IsRsa ? ReadRsa(json, algorithm, keyId, out key)
                : ReadEcdsa(json, algorithm, keyId, out key);
        }
        catch (CryptographicException)
        {
            return "its parts are not a key, or do not fit.";
        }
    }

    private static string? ReadSecret(JsonElement json, SignatureAlgorithm algorithm, string? keyId, out SigningKey? key)
    {
        key = null;
        var secret = JsonWebKeyMembers.Bytes(json, "k");
        if (secret is null || secret.Length < algorithm.MinimumSecretBytes)
        {
            CryptographicOperations.ZeroMemory(secret);
            return $"k is not at least {algorithm.MinimumSecretBytes} bytes in base64url (RFC 7518 section 3.2).";
        }

        if (keyId is not null)
        {
            key = new HmacSigningKey(secret, algorithm, keyId);
        }

        CryptographicOperations.ZeroMemory(secret);
        return key is null ? "a secret has a kid." : null;
    }

    private static string? ReadEcdsa(JsonElement json, SignatureAlgorithm algorithm, string? keyId, out SigningKey? key)
    {
        key = null;
        var curve = algorithm.Curve!;
        if (JsonWebKeyReader.ReadPoint(json, curve, out var point) is { } fault)
        {
            return fault;
        }

        var secret = JsonWebKeyMembers.Bytes(json, "d");
        try
        {
            if (secret?.Length != curve.CoordinateBytes)
            {
                return $"d is not {curve.CoordinateBytes} bytes in base64url.";
            }

            using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = point, D = secret });
            key = EcdsaSigningKey.FromInstance(ecdsa, algorithm, keyId);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static string? ReadRsa(JsonElement json, SignatureAlgorithm algorithm, string? keyId, out SigningKey? key)
    {
        key = null;
        var modulus = JsonWebKeyMembers.Bytes(json, "n");
        var exponent = JsonWebKeyMembers.Bytes(json, "e");
        if (RsaKeyRules.FindFault(modulus, exponent) is { } fault)
        {
            return fault;
        }

        // A key of more than two primes is legal and rare, and no provider here accepts it.
        var half = (modulus!.Length + 1) / 2;
        var parameters = new RSAParameters
        {
            Modulus = modulus,
            Exponent = exponent,
            D = Number(json, "d", modulus.Length),
            P = Number(json, "p", half),
            Q = Number(json, "q", half),
            DP = Number(json, "dp", half),
            DQ = Number(json, "dq", half),
            InverseQ = Number(json, "qi", half),
        };
        byte[]?[] secrets = [parameters.D, parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ];
        try
        {
            if (Array.Exists(secrets, static secret => secret is null) || json.TryGetProperty("oth", out _))
            {
                return "d, p, q, dp, dq, qi are not all there with lengths that fit n, or there are more than two primes.";
            }

            using var rsa = RSA.Create(parameters);
            key = RsaSigningKey.FromInstance(rsa, algorithm, keyId);
            return null;
        }
        finally
        {
            Array.ForEach(secrets, static secret => CryptographicOperations.ZeroMemory(secret));
        }
    }

    /// <summary>
    /// Decodes a number that is written with as few bytes as possible (RFC 7518 §2, Base64urlUInt), and pads it to the length that the base library needs.
    /// </summary>
    private static byte[]? Number(JsonElement json, string name, int length)
    {
        var bytes = JsonWebKeyMembers.Bytes(json, name);
        if (bytes is null || bytes.Length == length)
        {
            return bytes;
        }

        byte[]? filled = null;
        if (bytes.Length < length)
        {
            filled = new byte[length];
            bytes.CopyTo(filled, length - bytes.Length);
        }

        CryptographicOperations.ZeroMemory(bytes);
        return filled;
    }
}
