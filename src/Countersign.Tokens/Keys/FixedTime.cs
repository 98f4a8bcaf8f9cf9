using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Tokens.Keys;

/// <summary>
/// Compares bytes in a time that does not depend on their content. The base library's comparison goes byte by byte in unoptimised code and takes a tenth of
/// the time of a token check. This one first collects all differences in one byte. The base library then compares only that byte.
/// </summary>
internal static class FixedTime
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length || left.Length % sizeof(ulong) != 0)
        {
            return CryptographicOperations.FixedTimeEquals(left, right);
        }

        var lefts = MemoryMarshal.Cast<byte, ulong>(left);
        var rights = MemoryMarshal.Cast<byte, ulong>(right);
        var differences = 0UL;
        for (var i = 0; i < lefts.Length && i < rights.Length; i++)
        {
            differences |= lefts[i] ^ rights[i];
        }

        // Fold the differences into one byte without a branch, so that the base library compares one byte.
        differences |= differences >> 32;
        differences |= differences >> 16;
        differences |= differences >> 8;
        var (difference, none) = ((byte)differences, (byte)0);
        return CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(in difference), new ReadOnlySpan<byte>(in none));
    }
}
