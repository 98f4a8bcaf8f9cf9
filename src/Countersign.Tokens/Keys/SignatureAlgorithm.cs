using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// One signature algorithm of RFC 7518 §3.1. The table is closed. A key belongs to exactly one row of it, and a token never chooses the algorithm (RFC 8725
/// §3.1). "none" is not a row.
/// </summary>
public sealed class SignatureAlgorithm
{
    private SignatureAlgorithm(
        string name, SignatureFamily family, HashAlgorithmName hash, int minimumSecretBytes = 0, NamedCurve? curve = null, int freshKeyBits = 0)
    {
        Name = name;
        Family = family;
        Hash = hash;
        MinimumSecretBytes = minimumSecretBytes;
        Curve = curve;
        FreshKeyBits = freshKeyBits;
    }

    // One row for each algorithm. An HMAC secret is at least as long as the hash (RFC 7518 §3.2). An ECDSA signature is r and s side by side, each as long as
    // the curve's order (RFC 7518 §3.4). RSA keys have at least 2,048 bits (RFC 7518 §3.3), and fresh RSA keys for a longer hash are longer.

    /// <summary>HMAC with SHA-256: a secret of at least 32 bytes that signs and verifies (RFC 7518 §3.2).</summary>
    public static SignatureAlgorithm HS256 { get; } = new("HS256", SignatureFamily.Hmac, HashAlgorithmName.SHA256, minimumSecretBytes: 32);

    /// <summary>HMAC with SHA-384: a secret of at least 48 bytes (RFC 7518 §3.2).</summary>
    public static SignatureAlgorithm HS384 { get; } = new("HS384", SignatureFamily.Hmac, HashAlgorithmName.SHA384, minimumSecretBytes: 48);

    /// <summary>HMAC with SHA-512: a secret of at least 64 bytes (RFC 7518 §3.2).</summary>
    public static SignatureAlgorithm HS512 { get; } = new("HS512", SignatureFamily.Hmac, HashAlgorithmName.SHA512, minimumSecretBytes: 64);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). Fresh keys have 2,048 bits.</summary>
    public static SignatureAlgorithm RS256 { get; } = new("RS256", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256, freshKeyBits: 2048);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384 (RFC 7518 §3.3). Fresh keys have 3,072 bits.</summary>
    public static SignatureAlgorithm RS384 { get; } = new("RS384", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384, freshKeyBits: 3072);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 §3.3). Fresh keys have 3,072 bits.</summary>
    public static SignatureAlgorithm RS512 { get; } = new("RS512", SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512, freshKeyBits: 3072);

    /// <summary>RSASSA-PSS with SHA-256, MGF1 over it and a salt of 32 bytes (RFC 7518 §3.5). Fresh keys have 2,048 bits.</summary>
    public static SignatureAlgorithm PS256 { get; } = new("PS256", SignatureFamily.RsaPss, HashAlgorithmName.SHA256, freshKeyBits: 2048);

    /// <summary>RSASSA-PSS with SHA-384, MGF1 over it and a salt of 48 bytes (RFC 7518 §3.5). Fresh keys have 3,072 bits.</summary>
    public static SignatureAlgorithm PS384 { get; } = new("PS384", SignatureFamily.RsaPss, HashAlgorithmName.SHA384, freshKeyBits: 3072);

    /// <summary>RSASSA-PSS with SHA-512, MGF1 over it and a salt of 64 bytes (RFC 7518 §3.5). Fresh keys have 3,072 bits.</summary>
    public static SignatureAlgorithm PS512 { get; } = new("PS512", SignatureFamily.RsaPss, HashAlgorithmName.SHA512, freshKeyBits: 3072);

    /// <summary>ECDSA over P-256 with SHA-256 (RFC 7518 §3.4).</summary>
    public static SignatureAlgorithm ES256 { get; } = new("ES256", SignatureFamily.Ecdsa, HashAlgorithmName.SHA256, curve: NamedCurve.P256);

    /// <summary>ECDSA over P-384 with SHA-384 (RFC 7518 §3.4).</summary>
    public static SignatureAlgorithm ES384 { get; } = new("ES384", SignatureFamily.Ecdsa, HashAlgorithmName.SHA384, curve: NamedCurve.P384);

    /// <summary>ECDSA over P-521 with SHA-512 (RFC 7518 §3.4).</summary>
    public static SignatureAlgorithm ES512 { get; } = new("ES512", SignatureFamily.Ecdsa, HashAlgorithmName.SHA512, curve: NamedCurve.P521);

    private static readonly SignatureAlgorithm[] Rows = [HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512];

    /// <summary>All rows of the table, in the order of the properties above.</summary>
    public static IReadOnlyList<SignatureAlgorithm> All { get; } = Array.AsReadOnly(Rows);

    /// <summary>The same rows for a loop that allocates nothing.</summary>
    internal static ReadOnlySpan<SignatureAlgorithm> Table => Rows;

    /// <summary>The value of <c>alg</c> in a header or JWK, such as <c>ES256</c>.</summary>
    public string Name { get; }

    /// <summary>Whether one secret both signs and verifies. Such a key is never published.</summary>
    public bool IsSymmetric => Family == SignatureFamily.Hmac;

    /// <summary>Minimum length of a secret in bytes, equal to the length of the hash (RFC 7518 §3.2); 0 for asymmetric algorithms.</summary>
    public int MinimumSecretBytes { get; }

    internal SignatureFamily Family { get; }

    internal HashAlgorithmName Hash { get; }

    /// <summary>The curve of an ECDSA algorithm; null for the others.</summary>
    internal NamedCurve? Curve { get; }

    internal bool IsRsa => Family is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss;

    /// <summary>Length of the modulus of a fresh RSA key; 0 for the others.</summary>
    internal int FreshKeyBits { get; }

    /// <summary>Finds a row by its exact name, compared ordinally. "es256" and "none" are not found.</summary>
    /// <returns>The row, or null if no row has the name.</returns>
    public static SignatureAlgorithm? Find(string? name)
    {
        foreach (var algorithm in Table)
        {
            if (string.Equals(algorithm.Name, name, StringComparison.Ordinal))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
