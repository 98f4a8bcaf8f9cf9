namespace Countersign.Tokens.Keys;

/// <summary>The kind of an algorithm. It decides the type of the keys.</summary>
internal enum SignatureFamily
{
    Hmac = 1,
    Ecdsa = 2,

    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    RsaPkcs1 = 3,

    /// <summary>RSASSA-PSS with MGF1 over the same hash and a salt as long as the hash.</summary>
    RsaPss = 4,
}
