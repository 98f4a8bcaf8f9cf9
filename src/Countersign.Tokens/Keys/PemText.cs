using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>Reads the textual encoding of RFC 7468: exactly one block with exactly one label. Only white space may surround it.</summary>
internal static class PemText
{
    public const string PublicKey = "PUBLIC KEY";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";

    /// <summary>Decodes the only block of a text.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="label">The label that the block must have.</param>
    /// <param name="remedy">How to convert a file with another label.</param>
    /// <returns>The DER; the caller zeroes it.</returns>
    /// <exception cref="ArgumentException">There is no such block, or there is other text too.</exception>
    public static byte[] Decode(ReadOnlySpan<char> pem, string label, string remedy)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
        {
            throw new ArgumentException($"The text has no PEM block (\"-----BEGIN {label}-----\").", nameof(pem));
        }

        if (!pem[fields.Label].SequenceEqual(label))
        {
            throw new ArgumentException($"The PEM block is labelled \"{pem[fields.Label]}\", not \"{label}\". {remedy}", nameof(pem));
        }

        var (start, length) = fields.Location.GetOffsetAndLength(pem.Length);
        if (!pem[..start].IsWhiteSpace() || !pem[(start + length)..].IsWhiteSpace())
        {
            // Other text would be ignored silently, and it may be the key that the caller meant.
            throw new ArgumentException("The text has more than one PEM block, or other text around it.", nameof(pem));
        }

        var der = new byte[fields.DecodedDataLength];
        Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out _);
        return der;
    }
}
