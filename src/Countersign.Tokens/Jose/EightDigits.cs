using System.Buffers.Binary;

namespace Countersign.Tokens.Jose;

/// <summary>Reads eight decimal digits at once. Instants of our time have ten digits.</summary>
internal static class EightDigits
{
    public const int Length = sizeof(ulong);

    private const ulong HighHalves = 0xF0F0F0F0F0F0F0F0;

    /// <param name="text">ASCII, at least <see cref="Length"/> bytes.</param>
    /// <param name="value">The value of the digits; 0 when the result is false.</param>
    /// <returns>False unless all eight are digits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text);
        // A digit is 0x30 to 0x39. Its high half is 3, and stays 3 when 6 is added. No ASCII byte carries into the next byte.
        if ((digits & HighHalves) != 0x3030303030303030 || ((digits + 0x0606060606060606) & HighHalves) != 0x3030303030303030)
        {
            return false;
        }

        // Combine neighbours: into four pairs, then two groups of four, then one number.
        digits &= 0x0F0F0F0F0F0F0F0F;
        digits = ((digits * 10) + (digits >> 8)) & 0x00FF00FF00FF00FF;
        digits = ((digits * 100) + (digits >> 16)) & 0x0000FFFF0000FFFF;
        value = (uint)((digits * 10000) + (digits >> 32));
        return true;
    }
}
