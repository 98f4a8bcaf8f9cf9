namespace Countersign.Tokens.Keys;

/// <summary>How an algorithm works, which decides the type of its keys.</summary>
internal enum SignatureFamily
{
    Hmac = 1,
    Ecdsa = 2,
}
