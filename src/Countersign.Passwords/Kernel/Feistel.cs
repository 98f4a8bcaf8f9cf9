using System.Runtime.CompilerServices;

namespace Countersign.Passwords.Kernel;

/// <summary>The step of which all of bcrypt consists.</summary>
internal static unsafe class Feistel<TBytes>
    where TBytes : struct, IByteSelection
{
    /// <summary>
    /// One round of Blowfish: combines the other half with its subkey and with four look-ups of this half. Every address is the block's address plus an index
    /// plus a constant, and x64 adds these within the load. A separate address for each lane would not fit into the registers.
    /// </summary>
    /// <param name="block">Start of the first lane.</param>
    /// <param name="lane">Offset of this lane.</param>
    /// <param name="subkey">The number of the subkey, 0 to 17.</param>
    /// <param name="half">The half that is looked up.</param>
    /// <param name="other">The half that changes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Round(byte* block, int lane, int subkey, uint half, uint other)
    {
        // The subkey first: it does not depend on the look-ups, and the next round waits for the look-ups.
        other ^= *(uint*)(block + (lane + LaneLayout.Subkeys + (subkey * sizeof(uint))));
        uint mixed = *(uint*)(block + ((nuint)(half >> 24) * sizeof(uint)) + lane);
        mixed += *(uint*)(block + (TBytes.Second(half) * sizeof(uint)) + (lane + LaneLayout.SecondBox));
        mixed ^= *(uint*)(block + (TBytes.Third(half) * sizeof(uint)) + (lane + LaneLayout.ThirdBox));
        mixed += *(uint*)(block + ((nuint)(byte)half * sizeof(uint)) + (lane + LaneLayout.FourthBox));
        return other ^ mixed;
    }

    /// <summary>The step before the first round and after the last: a subkey alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Whiten(byte* block, int lane, int subkey, uint half) =>
        half ^ *(uint*)(block + (lane + LaneLayout.Subkeys + (subkey * sizeof(uint))));

    /// <summary>Writes a lane's enciphered block to its place, which is the same in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, int lane, uint left, uint right)
    {
        *(uint*)(target + lane) = left;
        *(uint*)(target + (lane + sizeof(uint))) = right;
    }

    /// <summary>Mixes a schedule of 18 words into a lane's subkeys. Every expansion begins with this.</summary>
    public static void MixSubkeys(byte* lane, int schedule)
    {
        for (int offset = 0; offset < LaneLayout.SubkeysBytes; offset += sizeof(uint))
        {
            *(uint*)(lane + LaneLayout.Subkeys + offset) ^= *(uint*)(lane + schedule + offset);
        }
    }
}
