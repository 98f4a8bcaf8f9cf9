namespace Countersign.Passwords.Kernel;

/// <summary>
/// How long one bcrypt round takes here: a moving average over the hashes that ran. It turns work that waits into time, and time spent in another scheme into rounds.
/// </summary>
internal sealed class WorkRate
{
    /// <summary>Until something was measured: BCrypt.Net-Next 4.2.0 at cost 12, 4.4 hashes a second on one core of an AMD EPYC.</summary>
    internal const double InitialSecondsPerRound = 1 / (4.4 * 4096);

    /// <summary>Weight of a new measurement: a dozen hashes follow a machine whose load has changed.</summary>
    private const double Weight = 0.2;

    /// <summary>A machine asleep in the middle of a hash, or a clock that stands, must not make the estimate absurd.</summary>
    private const double Fastest = 1e-6, Slowest = 5e-3;

    private double _secondsPerRound = InitialSecondsPerRound;

    public void Observe(long rounds, TimeSpan elapsed)
    {
        if (elapsed <= TimeSpan.Zero)
        {
            return;
        }

        double measured = Math.Clamp(elapsed.TotalSeconds / rounds, Fastest, Slowest);
        double known = Volatile.Read(ref _secondsPerRound);

        // A measurement lost to a race is no loss: the next one follows.
        Volatile.Write(ref _secondsPerRound, known + (Weight * (measured - known)));
    }

    public TimeSpan TimeFor(long rounds) => TimeSpan.FromSeconds(rounds * Volatile.Read(ref _secondsPerRound));

    public long RoundsIn(TimeSpan elapsed) => (long)(elapsed.TotalSeconds / Volatile.Read(ref _secondsPerRound));
}
