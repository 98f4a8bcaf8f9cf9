namespace Countersign.Passwords.Kernel;

/// <summary>Runs the kernel, and keeps the books: the rate of rounds and the metrics.</summary>
internal sealed class BcryptWork(IBcryptKernel kernel, WorkRate rate, TimeProvider time, PasswordMetrics metrics)
{
    public WorkRate Rate => rate;

    public TimeProvider Time => time;

    /// <summary>What is hashed when nobody reads the result.</summary>
    public static ReadOnlySpan<byte> DecoyPassword => "decoy password"u8;

    private static ReadOnlySpan<byte> DecoySalt => "decoy salt bytes"u8;

    public void Digest(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, Span<byte> digest, HashPurpose purpose)
    {
        long started = time.GetTimestamp();
        kernel.Digest(password, salt, cost, digest);
        rate.Observe(Bcrypt.Rounds(cost), time.GetElapsedTime(started));
        metrics.Hashed(purpose, cost);
    }

    /// <summary>
    /// Spends as many rounds on nothing: one digest for each bit of the number, so 2^12 − 2^10 rounds are costs 11 and 10. Less than 2^4 rounds, bcrypt's floor
    /// and about a thousandth of a cost-12 hash's time, are left out.
    /// </summary>
    public void Spend(long rounds)
    {
        Span<byte> ignored = stackalloc byte[Bcrypt.DigestBytes];
        for (int cost = Bcrypt.HighestCost; cost >= Bcrypt.LowestCost; cost--)
        {
            if ((rounds & Bcrypt.Rounds(cost)) != 0)
            {
                Digest(DecoyPassword, DecoySalt, cost, ignored, HashPurpose.Decoy);
            }
        }
    }
}
