using System.Buffers;
using System.Buffers.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// base64url exactly as RFC 7515 §2 has it. The base library's decoder also skips white space and takes padding, so that one token has many spellings; here
/// every text that decodes is the only one for its bytes.
/// </summary>
internal static class Base64UrlStrict
{
    /// <summary>Number of bytes that a text of that length decodes to.</summary>
    public static int DecodedLength(int encodedLength) => (int)((long)encodedLength * 3 / 4);

    /// <summary>Decodes.</summary>
    /// <param name="encoded">The text in ASCII.</param>
    /// <param name="destination">At least <see cref="DecodedLength"/> bytes.</param>
    /// <param name="decoded">The part of <paramref name="destination"/> that was written; empty when the answer is false.</param>
    /// <returns>False for anything but canonical base64url without padding.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (encoded.Length % 4 == 1)
        {
            return false;
        }

        // Rejects characters outside the alphabet, and set bits after the last byte. What it skips instead, white space and padding, gives no bytes: with any of it
        // fewer are written than a text of this length holds.
        var status = Base64Url.DecodeFromUtf8(encoded, destination, out var consumed, out var written);
        if (status != OperationStatus.Done || consumed != encoded.Length || written != DecodedLength(encoded.Length))
        {
            return false;
        }

        decoded = destination[..written];
        return true;
    }
}
