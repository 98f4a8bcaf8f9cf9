using System.Runtime.CompilerServices;

namespace Countersign.Passwords.Kernel;

/// <summary>Three lanes side by side, round by round: while one lane waits for its look-ups, the processor works on the others.</summary>
internal static unsafe class ThreeLanes<TBytes>
    where TBytes : struct, IByteSelection
{
    /// <summary>
    /// EksBlowfish's ExpandKey without salt, on the block's first three lanes: the running encipherment of zeroes replaces every subkey and box entry.
    /// </summary>
    /// <param name="block">Start of the first lane.</param>
    /// <param name="schedule">Offset in each lane of the 18 words to mix in: the key's or the salt's.</param>
    /// <remarks>
    /// Optimised at the first call: it is called too rarely for tiered compilation, and its first call must not take ten times as long as the second.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Expand(byte* block, int schedule)
    {
        Feistel<TBytes>.MixSubkeys(block, schedule);
        Feistel<TBytes>.MixSubkeys(block + LaneLayout.Second, schedule);
        Feistel<TBytes>.MixSubkeys(block + LaneLayout.Third, schedule);
        uint l0 = 0, r0 = 0, l1 = 0, r1 = 0, l2 = 0, r2 = 0;
        byte* target = block + LaneLayout.Subkeys;
        byte* end = target + LaneLayout.SubkeysBytes;
        while (true)
        {
            do
            {
                Encipher(block, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
                Feistel<TBytes>.Store(target, LaneLayout.First, l0, r0);
                Feistel<TBytes>.Store(target, LaneLayout.Second, l1, r1);
                Feistel<TBytes>.Store(target, LaneLayout.Third, l2, r2);
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

    /// <summary>All 16 rounds without a loop: a counter would take a register that the lanes need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encipher(byte* block, ref uint l0, ref uint r0, ref uint l1, ref uint r1, ref uint l2, ref uint r2)
    {
        l0 = Feistel<TBytes>.Whiten(block, LaneLayout.First, 0, l0);
        l1 = Feistel<TBytes>.Whiten(block, LaneLayout.Second, 0, l1);
        l2 = Feistel<TBytes>.Whiten(block, LaneLayout.Third, 0, l2);
        TwoRounds(block, 1, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 3, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 5, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 7, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 9, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 11, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 13, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);
        TwoRounds(block, 15, ref l0, ref r0, ref l1, ref r1, ref l2, ref r2);

        // Blowfish undoes the exchange of the halves in the last round, so they are exchanged here.
        (l0, r0) = (Feistel<TBytes>.Whiten(block, LaneLayout.First, 17, r0), l0);
        (l1, r1) = (Feistel<TBytes>.Whiten(block, LaneLayout.Second, 17, r1), l1);
        (l2, r2) = (Feistel<TBytes>.Whiten(block, LaneLayout.Third, 17, r2), l2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRounds(byte* block, int subkey, ref uint l0, ref uint r0, ref uint l1, ref uint r1, ref uint l2, ref uint r2)
    {
        r0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey, l0, r0);
        r1 = Feistel<TBytes>.Round(block, LaneLayout.Second, subkey, l1, r1);
        r2 = Feistel<TBytes>.Round(block, LaneLayout.Third, subkey, l2, r2);
        l0 = Feistel<TBytes>.Round(block, LaneLayout.First, subkey + 1, r0, l0);
        l1 = Feistel<TBytes>.Round(block, LaneLayout.Second, subkey + 1, r1, l1);
        l2 = Feistel<TBytes>.Round(block, LaneLayout.Third, subkey + 1, r2, l2);
    }
}
