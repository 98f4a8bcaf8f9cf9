namespace Countersign.Passwords.Kernel;

/// <summary>
/// bcrypt's base64: the alphabet <c>./A-Za-z0-9</c>, most significant bits first, no padding. Only canonical text decodes (unused bits are zero).
/// </summary>
internal static class BcryptBase64
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static int EncodedLength(int bytes) => ((bytes * 8) + 5) / 6;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[EncodedLength(bytes.Length)];
        int buffer = 0, bits = 0, written = 0;
        foreach (byte value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 6)
            {
                bits -= 6;
                text[written++] = Alphabet[(buffer >> bits) & 0x3F];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[written] = Alphabet[(buffer << (6 - bits)) & 0x3F];
        }

        return new string(text);
    }

    /// <summary>False unless the text is what <see cref="Encode"/> writes for a number of bytes equal to the length of <paramref name="bytes"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != EncodedLength(bytes.Length))
        {
            return false;
        }

        int buffer = 0, bits = 0, written = 0;
        foreach (char character in text)
        {
            int value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << 6) | value;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return buffer == 0;
    }
}
