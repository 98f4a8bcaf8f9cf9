namespace Countersign.Tokens.Keys;

/// <summary>How an algorithm works, which decides the type of its keys.</summary>
internal enum SignatureFamily
{
    Hmac = 1,
    Ecdsa = 2,

    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    RsaPkcs1 = 3,

    /// <summary>RSASSA-PSS with MGF1 over the same hash and a salt as long as it.</summary>
    RsaPss = 4,
}
