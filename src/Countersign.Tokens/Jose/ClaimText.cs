using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// A claim that is text. It holds a string if the text has escapes or letters outside ASCII. Otherwise it holds the place in the payload, and the string is
/// made on demand. The default value means that the token does not have the claim.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ClaimText
{
    private readonly string? _text;
    private readonly int _start;

    public ClaimText(string text)
    {
        _text = text;
        Length = text.Length;
    }

    /// <param name="start">Where the text begins in the payload. Never 0: the object's brace is there.</param>
    /// <param name="length">The length in bytes. In ASCII this is the number of characters.</param>
    public ClaimText(int start, int length)
    {
        _start = start;
        Length = length;
    }

    /// <summary>Whether the token has the claim.</summary>
    public bool IsPresent => _text is not null || _start > 0;

    /// <summary>Number of characters.</summary>
    public int Length { get; }

    /// <summary>The text; null when the token does not have the claim.</summary>
    public string? Read(ReadOnlySpan<byte> payload) => _text ?? (_start > 0 ? Encoding.UTF8.GetString(payload.Slice(_start, Length)) : null);
}
