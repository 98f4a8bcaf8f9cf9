namespace Countersign.Passwords.Kernel;

/// <summary>
/// Measures how long bcrypt rounds take here, as moving averages over the chunks that ran. It converts waiting work into time, and the time of another scheme
/// into rounds.
/// </summary>
internal sealed class WorkRate
{
    /// <summary>
    /// The initial value, in cost-12 hashes a second of one worker with all lanes busy. An AMD EPYC of 2024 computes 20 for each core; most machines are
    /// slower.
    /// </summary>
    internal const double InitialHashesPerSecond = 12;

    /// <summary>The cost to which <see cref="InitialHashesPerSecond"/> refers.</summary>
    private const int InitialCost = 12;

    /// <summary>The measured time after which old values are mostly forgotten. So the estimate follows a change of load within a few hashes.</summary>
    private const double MemorySeconds = 0.5;

    /// <summary>Largest weight of one measurement: a thread that slept in the middle of a chunk must not set the estimate alone.</summary>
    private const double LargestWeight = 0.2;

    /// <summary>Limits of the estimate: a machine that slept in the middle of a chunk, or a stopped clock, must not make it absurd.</summary>
    private const double Fastest = 2e-7, Slowest = 5e-3;

    private double _secondsPerRound;
    private double _secondsPerRoundOfOneLane;

    public WorkRate(double initialHashesPerSecond = InitialHashesPerSecond)
    {
        _secondsPerRound = 1 / (initialHashesPerSecond * Bcrypt.Rounds(InitialCost));
        _secondsPerRoundOfOneLane = _secondsPerRound * BcryptLanes.MaxWidth;
    }

    /// <summary>
    /// By which factor a round of one lane is slower when all lanes are busy than with this number of lanes. Measured on an AMD EPYC. So a worker whose lanes
    /// are half empty still shows how much it could do.
    /// </summary>
    private static ReadOnlySpan<double> SlowdownWhenFull => [1, 1.10, 1.08, 1.05, 1];

    /// <summary>Adds the measurement of one chunk: the number of rounds on each of the active lanes.</summary>
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

    /// <summary>The time in which one worker with all lanes busy computes the given number of rounds.</summary>
    public TimeSpan TimeFor(long rounds) => TimeSpan.FromSeconds(rounds * Volatile.Read(ref _secondsPerRound));

    /// <summary>The number of rounds that a lane would have computed in that time.</summary>
    public long RoundsIn(TimeSpan elapsed) => (long)(elapsed.TotalSeconds / Volatile.Read(ref _secondsPerRoundOfOneLane));

    private static void Learn(ref double known, double measured, double weight)
    {
        double old = Volatile.Read(ref known);

        // If a race loses a measurement, nothing is lost: the next one follows.
        Volatile.Write(ref known, old + (weight * (Math.Clamp(measured, Fastest, Slowest) - old)));
    }
}
