using System.Runtime.CompilerServices;

namespace Countersign.Passwords.Kernel;

/// <summary>Shift and mask: two steps, three instructions on x64.</summary>
internal readonly struct ByteSelectionByShift : IByteSelection
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Second(uint word) => (byte)(word >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Third(uint word) => (byte)(word >> 8);
}
