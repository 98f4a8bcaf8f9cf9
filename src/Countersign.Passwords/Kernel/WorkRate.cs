namespace Countersign.Passwords.Kernel;

/// <summary>
/// How long bcrypt rounds take here: moving averages over the chunks that ran. They turn work that waits into time, and time spent in another scheme into rounds.
/// </summary>
internal sealed class WorkRate
{
    /// <summary>Until something was measured: cost-12 hashes a second of one worker with all lanes busy. An AMD EPYC of 2024 computes 20 a core; most machines are slower.</summary>
    internal const double InitialHashesPerSecond = 12;

    /// <summary>The cost that <see cref="InitialHashesPerSecond"/> speaks of.</summary>
    private const int InitialCost = 12;

    /// <summary>How much measured time it takes to forget what was known: a machine whose load has changed is followed within a few hashes.</summary>
    private const double MemorySeconds = 0.5;

    /// <summary>Largest weight of one measurement: a thread that slept in the middle of a chunk must not set the estimate alone.</summary>
    private const double LargestWeight = 0.2;

    /// <summary>A machine asleep in the middle of a chunk, or a clock that stands, must not make the estimate absurd.</summary>
    private const double Fastest = 2e-7, Slowest = 5e-3;

    private double _secondsPerRound;
    private double _secondsPerRoundOfOneLane;

    public WorkRate(double initialHashesPerSecond = InitialHashesPerSecond)
    {
        _secondsPerRound = 1 / (initialHashesPerSecond * Bcrypt.Rounds(InitialCost));
        _secondsPerRoundOfOneLane = _secondsPerRound * BcryptLanes.MaxWidth;
    }

    /// <summary>
    /// How much longer a round of one lane takes when all lanes are busy than with so many, measured on an AMD EPYC: a worker whose lanes are half empty
    /// shows what it could do.
    /// </summary>
    private static ReadOnlySpan<double> SlowdownWhenFull => [1, 1.10, 1.08, 1.05, 1];

    /// <summary>Takes one chunk into account: so many rounds on each of the active lanes.</summary>
    public void Observe(long rounds, int active, int width, TimeSpan elapsed)
    {
        if (elapsed <= TimeSpan.Zero || active == 0)
        {
            return;
        }

        double weight = Math.Min(LargestWeight, elapsed.TotalSeconds / MemorySeconds);
        double ofOneLane = elapsed.TotalSeconds / rounds;
        double slowdown = active == width ? 1 : SlowdownWhenFull[active];
        Learn(ref _secondsPerRoundOfOneLane, ofOneLane, weight);
        Learn(ref _secondsPerRound, ofOneLane * slowdown / width, weight);
    }

    /// <summary>The time in which one worker with all lanes busy computes so many rounds.</summary>
    public TimeSpan TimeFor(long rounds) => TimeSpan.FromSeconds(rounds * Volatile.Read(ref _secondsPerRound));

    /// <summary>How many rounds a lane would have done in that time.</summary>
    public long RoundsIn(TimeSpan elapsed) => (long)(elapsed.TotalSeconds / Volatile.Read(ref _secondsPerRoundOfOneLane));

    private static void Learn(ref double known, double measured, double weight)
    {
        double old = Volatile.Read(ref known);

        // A measurement lost to a race is no loss: the next one follows.
        Volatile.Write(ref known, old + (weight * (Math.Clamp(measured, Fastest, Slowest) - old)));
    }
}
