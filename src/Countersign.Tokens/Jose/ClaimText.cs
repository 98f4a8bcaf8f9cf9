using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// A claim that is text: a string where it had escapes or letters outside ASCII, else its place in the payload, of which a string is made when somebody asks. The
/// default value is a claim that is not in the token.
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

    /// <param name="start">Where it begins in the payload: never at 0, where the object's brace stands.</param>
    /// <param name="length">Its length: ASCII has as many characters as bytes.</param>
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
