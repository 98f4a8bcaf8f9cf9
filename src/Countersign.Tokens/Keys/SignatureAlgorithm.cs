using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// One signature algorithm of RFC 7518 §3.1. The table is closed: a key is made for exactly one row of it, and no token ever chooses (RFC 8725 §3.1).
/// "none" is not a row.
/// </summary>
public sealed class SignatureAlgorithm
{
    private SignatureAlgorithm(string name, SignatureFamily family, HashAlgorithmName hash, int signatureBytes, int minimumSecretBytes, NamedCurve? curve)
    {
        Name = name;
        Family = family;
        Hash = hash;
        SignatureBytes = signatureBytes;
        MinimumSecretBytes = minimumSecretBytes;
        Curve = curve;
    }

    // One row an algorithm. HMAC secrets are at least as long as the hash (RFC 7518 §3.2); an ECDSA signature is r and s side by side, each as
    // long as the curve's order (RFC 7518 §3.4).

    /// <summary>HMAC with SHA-256: a secret of at least 32 bytes that signs and verifies (RFC 7518 §3.2).</summary>
    public static SignatureAlgorithm HS256 { get; } =
        new("HS256", SignatureFamily.Hmac, HashAlgorithmName.SHA256, signatureBytes: 32, minimumSecretBytes: 32, curve: null);

    /// <summary>ECDSA over P-256 with SHA-256 (RFC 7518 §3.4).</summary>
    public static SignatureAlgorithm ES256 { get; } =
        new("ES256", SignatureFamily.Ecdsa, HashAlgorithmName.SHA256, signatureBytes: 64, minimumSecretBytes: 0, NamedCurve.P256);

    /// <summary>Every row of the table, in the order in which the properties stand.</summary>
    internal static ReadOnlySpan<SignatureAlgorithm> Table => Rows;

    private static readonly SignatureAlgorithm[] Rows = [HS256, ES256];

    /// <summary>The value of <c>alg</c> in a header or JWK, such as <c>ES256</c>.</summary>
    public string Name { get; }

    /// <summary>Whether one secret both signs and verifies. Such a key is never published.</summary>
    public bool IsSymmetric => Family == SignatureFamily.Hmac;

    /// <summary>Length of every signature in bytes; a signature of another length is refused unread.</summary>
    public int SignatureBytes { get; }

    /// <summary>Least length of a secret in bytes (RFC 7518 §3.2); 0 for asymmetric algorithms.</summary>
    public int MinimumSecretBytes { get; }

    internal SignatureFamily Family { get; }

    internal HashAlgorithmName Hash { get; }

    /// <summary>The curve of an ECDSA algorithm; null for the others.</summary>
    internal NamedCurve? Curve { get; }

    /// <summary>Finds a row by its exact name, compared ordinally ("es256" and "none" are found nowhere).</summary>
    /// <returns>The row, or null when there is none of that name.</returns>
    public static SignatureAlgorithm? Find(string? name)
    {
        foreach (var algorithm in Rows)
        {
            if (string.Equals(algorithm.Name, name, StringComparison.Ordinal))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
