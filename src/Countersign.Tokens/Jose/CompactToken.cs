namespace Countersign.Tokens.Jose;

/// <summary>The three segments of a token in compact form (RFC 7515 §7.1), still encoded.</summary>
internal readonly ref struct CompactToken
{
    private const byte Dot = (byte)'.';

    private CompactToken(ReadOnlySpan<byte> token, int firstDot, int secondDot)
    {
        Whole = token;
        SigningInput = token[..secondDot];
        Header = token[..firstDot];
        Payload = token[(firstDot + 1)..secondDot];
        Signature = token[(secondDot + 1)..];
    }

    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>The signed part: the header, a dot and the payload.</summary>
    public ReadOnlySpan<byte> SigningInput { get; }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>Finds the dots. It looks at each byte once and allocates no memory, even for many dots.</summary>
    /// <returns>False unless there are exactly three segments, all of them not empty.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> token, out CompactToken parts)
    {
        parts = default;
        var firstDot = token.IndexOf(Dot);
        if (firstDot <= 0)
        {
            return false;
        }

        var payloadLength = token[(firstDot + 1)..].IndexOf(Dot);
        var secondDot = firstDot + 1 + payloadLength;
        if (payloadLength <= 0 || secondDot == token.Length - 1 || token[(secondDot + 1)..].Contains(Dot))
        {
            return false;
        }

        parts = new CompactToken(token, firstDot, secondDot);
        return true;
    }
}
