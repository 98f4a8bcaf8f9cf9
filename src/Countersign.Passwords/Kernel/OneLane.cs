using System.Runtime.CompilerServices;

namespace Countersign.Passwords.Kernel;

/// <summary>Blowfish on one lane: used for a single hash, and for the steps before and after the rounds of every hash.</summary>
internal static unsafe class OneLane<TBytes>
    where TBytes : struct, IByteSelection
{
    /// <summary>
    /// EksBlowfish's ExpandKey without salt, on the lane at the block's start: the running encipherment of zeroes replaces every subkey and box entry.
    /// </summary>
    /// <param name="block">Start of the lane.</param>
    /// <param name="schedule">Offset in the lane of the 18 words to mix in: the key's or the salt's.</param>
    /// <remarks>
    /// Optimised at the first call: it is called too rarely for tiered compilation, and its first call must not take ten times as long as the second.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Expand(byte* block, int schedule)
    {
        Feistel<TBytes>.MixSubkeys(block, schedule);
        uint l0 = 0, r0 = 0;
        byte* target = block + LaneLayout.Subkeys;
        byte* end = target + LaneLayout.SubkeysBytes;
        while (true)
        {
            do
            {
                Encipher(block, ref l0, ref r0);
                Feistel<TBytes>.Store(target, LaneLayout.First, l0, r0);
                target += 2 * sizeof(uint);
            }
            while (target != end);

            if (end == block + LaneLayout.BoxesBytes)
            {
                return;
            }

            // The boxes are stored before the subkeys, but are replaced after them.
            target = block;
            end = block + LaneLayout.BoxesBytes;
        }
    }

    /// <summary>
    /// EksBlowfish's ExpandKey with salt, the beginning of every hash: it mixes each block with the next two words of the salt, then enciphers it.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ExpandWithSalt(byte* block)
    {
        Feistel<TBytes>.MixSubkeys(block, LaneLayout.KeySchedule);
        uint l0 = 0, r0 = 0;
        for (int index = 0; index < (LaneLayout.SubkeysBytes + LaneLayout.BoxesBytes) / (2 * sizeof(uint)); index++)
        {
            // The salt has two pairs of words. They are used in turn, over subkeys and boxes alike.
            byte* salt = block + LaneLayout.SaltSchedule + ((index & 1) * 2 * sizeof(uint));
            l0 ^= *(uint*)salt;
            r0 ^= *(uint*)(salt + sizeof(uint));
            Encipher(block, ref l0, ref r0);
            int offset = index * 2 * sizeof(uint);
            byte* target = offset < LaneLayout.SubkeysBytes ? block + LaneLayout.Subkeys + offset : block + offset - LaneLayout.SubkeysBytes;
            Feistel<TBytes>.Store(target, LaneLayout.First, l0, r0);
        }
    }

    /// <summary>Enciphers one block in place, the given number of times.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Encrypt(byte* block, uint* words, int times)
    {
        uint l0 = words[0], r0 = words[1];
        for (; times > 0; times--)
        {
            Encipher(block, ref l0, ref r0);
        }

        words[0] = l0;
        words[1] = r0;
    }

    /// <summary>All 16 rounds without a loop: a counter would take a register that the lanes need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encipher(byte* block, ref uint l0, ref uint r0)
    {
        l0 = Feistel<TBytes>.Whiten(block, LaneLayout.First, 0, l0);
        TwoRounds(block, 1, ref l0, ref r0);
        TwoRounds(block, 3, ref l0, ref r0);
        TwoRounds(block, 5, ref l0, ref r0);
        TwoRounds(block, 7, ref l0, ref r0);
        TwoRounds(block, 9, ref l0, ref r0);
        TwoRounds(block, 11, ref l0, ref r0);
        TwoRounds(block, 13, ref l0, ref r0);
        TwoRounds(block, 15, ref l0, ref r0);

        // Blowfish undoes the exchange of the halves in the last round, so they are exchanged here.
        (l0, r0) = (Feistel<TBytes>.Whiten(block, LaneLayout.First, 17, r0), l0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRounds(byte* block, int subkey, ref uint l0, ref uint r0)
    {
        r0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey, l0, r0);
        l0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey + 1, r0, l0);
    }
}
