using System.Runtime.CompilerServices;

namespace Countersign.Passwords.Kernel;

/// <summary>Blowfish on one lane: what a hash alone takes, and the steps before and after the rounds of every hash.</summary>
internal static unsafe class OneLane<TBytes>
    where TBytes : struct, IByteSelection
{
    /// <summary>
    /// EksBlowfish's ExpandKey without salt, on the lane at the block's start: every subkey and box entry is replaced by the running encipherment of zeroes.
    /// </summary>
    /// <param name="block">Start of the lane.</param>
    /// <param name="schedule">Offset in the lane of the 18 words to mix in: the key's or the salt's.</param>
    /// <remarks>Compiled in full at once: it is called too rarely to be found hot, and its first call must not take ten times as long as the second.</remarks>
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

            // The boxes lie before the subkeys and are replaced after them.
            target = block;
            end = block + LaneLayout.BoxesBytes;
        }
    }

    /// <summary>EksBlowfish's ExpandKey with salt, which begins every hash: each block is mixed with the salt's next two words before it is enciphered.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ExpandWithSalt(byte* block)
    {
        Feistel<TBytes>.MixSubkeys(block, LaneLayout.KeySchedule);
        uint l0 = 0, r0 = 0;
        for (int index = 0; index < (LaneLayout.SubkeysBytes + LaneLayout.BoxesBytes) / (2 * sizeof(uint)); index++)
        {
            // The salt has two pairs of words, taken in turn over subkeys and boxes alike.
            byte* salt = block + LaneLayout.SaltSchedule + ((index & 1) * 2 * sizeof(uint));
            l0 ^= *(uint*)salt;
            r0 ^= *(uint*)(salt + sizeof(uint));
            Encipher(block, ref l0, ref r0);
            int offset = index * 2 * sizeof(uint);
            byte* target = offset < LaneLayout.SubkeysBytes ? block + LaneLayout.Subkeys + offset : block + offset - LaneLayout.SubkeysBytes;
            Feistel<TBytes>.Store(target, LaneLayout.First, l0, r0);
        }
    }

    /// <summary>Enciphers one block as often as told, in place.</summary>
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

    /// <summary>All 16 rounds, written out: a counter would cost a register that the lanes need.</summary>
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

        // The last round's exchange of the halves is undone by Blowfish, so they change places here.
        (l0, r0) = (Feistel<TBytes>.Whiten(block, LaneLayout.First, 17, r0), l0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRounds(byte* block, int subkey, ref uint l0, ref uint r0)
    {
        r0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey, l0, r0);
        l0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey + 1, r0, l0);
    }
}
