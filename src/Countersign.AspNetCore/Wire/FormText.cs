using System.Buffers.Text;

namespace Countersign.AspNetCore.Wire;

/// <summary>The encoding of names and values in <c>application/x-www-form-urlencoded</c> (RFC 6749 appendix B).</summary>
internal static class FormText
{
    /// <summary>Decodes percent signs and plus signs in place.</summary>
    /// <param name="text">The encoded bytes.</param>
    /// <param name="decoded">The decoded bytes, at the beginning of the same memory.</param>
    /// <returns>False if a percent sign is not followed by two hexadecimal digits.</returns>
    public static bool TryDecode(Span<byte> text, out Span<byte> decoded)
    {
        var length = 0;
        decoded = [];
        for (var index = 0; index < text.Length; index++)
        {
            var value = text[index];
            if (value == '+')
            {
                value = (byte)' ';
            }
            else if (value == '%')
            {
                if (index + 2 >= text.Length || !Utf8Parser.TryParse(text.Slice(index + 1, 2), out value, out var consumed, 'x') || consumed != 2)
                {
                    return false;
                }

                index += 2;
            }

            text[length++] = value;
        }

        decoded = text[..length];
        return true;
    }
}
