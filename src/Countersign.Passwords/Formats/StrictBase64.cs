using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Countersign.Passwords.Formats;

/// <summary>Standard base64 with padding (RFC 4648 §4). It refuses text that differs from the encoding of its bytes.</summary>
internal static class StrictBase64
{
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 != 0 || text.Length > StoredHash.MaxLength)
        {
            return null;
        }

        Span<byte> ascii = stackalloc byte[text.Length];
        if (Ascii.FromUtf16(text, ascii, out _) != OperationStatus.Done)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(ascii.Length)];
        if (Base64.DecodeFromUtf8(ascii, bytes, out _, out int written) != OperationStatus.Done)
        {
            return null;
        }

        // The decoder skips white space, and perhaps accepts other deviations. Encoding the bytes again shows any of them.
        Span<byte> again = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(written)];
        Base64.EncodeToUtf8(bytes[..written], again, out _, out int length);
        return again[..length].SequenceEqual(ascii) ? bytes[..written].ToArray() : null;
    }
}
