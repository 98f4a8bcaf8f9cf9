using System.Buffers;
using System.Buffers.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// base64url exactly as RFC 7515 §2 defines it. The base library's decoder also skips white space and accepts padding, so one token has many spellings
/// there. Here only one text decodes to given bytes.
/// </summary>
internal static class Base64UrlStrict
{
    /// <summary>Number of bytes that a text of the given length decodes to.</summary>
    public static int DecodedLength(int encodedLength) => (int)((long)encodedLength * 3 / 4);

    /// <param name="encoded">ASCII text.</param>
    /// <param name="destination">At least <see cref="DecodedLength"/> bytes.</param>
    /// <param name="decoded">The written part of <paramref name="destination"/>; empty when the result is false.</param>
    /// <returns>False unless the text is canonical base64url without padding.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (encoded.Length % 4 == 1)
        {
            return false;
        }

        // The decoder rejects characters outside the alphabet, and bits set after the last byte. It skips white space and padding, which give no bytes:
        // a text that contains them decodes to fewer bytes than its length promises.
        var status = Base64Url.DecodeFromUtf8(encoded, destination, out var consumed, out var written);
        if (status != OperationStatus.Done || consumed != encoded.Length || written != DecodedLength(encoded.Length))
        {
            return false;
        }

        decoded = destination[..written];
        return true;
    }
}
