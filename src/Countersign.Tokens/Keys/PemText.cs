using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>Reads the textual encoding of RFC 7468: exactly one block of exactly one label, and nothing around it but white space.</summary>
internal static class PemText
{
    public const string PublicKey = "PUBLIC KEY";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";

    /// <summary>Decodes the one block of a text.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="label">The label that it must have.</param>
    /// <param name="remedy">How a file of another label is turned into one of this.</param>
    /// <returns>The DER; the caller zeroes it.</returns>
    /// <exception cref="ArgumentException">There is no such block, or more than it.</exception>
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
            // What is beside it would be passed over in silence, and may be the key that was meant.
            throw new ArgumentException("The text has more than one PEM block, or words around it.", nameof(pem));
        }

        var der = new byte[fields.DecodedDataLength];
        Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out _);
        return der;
    }
}
