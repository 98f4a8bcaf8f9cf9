using System.Buffers.Binary;

namespace Countersign.Tokens.Jose;

/// <summary>Eight decimal digits read at once: an instant of these centuries has ten.</summary>
internal static class EightDigits
{
    public const int Length = sizeof(ulong);

    private const ulong HighHalves = 0xF0F0F0F0F0F0F0F0;

    /// <param name="text">ASCII, at least <see cref="Length"/> bytes.</param>
    /// <param name="value">Their value; 0 when the answer is false.</param>
    /// <returns>False unless all eight are digits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text);
        // A digit is 0x30 to 0x39: its high half is 3, also with 6 added. No byte of ASCII carries into the next.
        if ((digits & HighHalves) != 0x3030303030303030 || ((digits + 0x0606060606060606) & HighHalves) != 0x3030303030303030)
        {
            return false;
        }

        // Neighbours are put together: to four pairs, to two fours, to one number.
        digits &= 0x0F0F0F0F0F0F0F0F;
        digits = ((digits * 10) + (digits >> 8)) & 0x00FF00FF00FF00FF;
        digits = ((digits * 100) + (digits >> 16)) & 0x0000FFFF0000FFFF;
        value = (uint)((digits * 10000) + (digits >> 32));
        return true;
    }
}
