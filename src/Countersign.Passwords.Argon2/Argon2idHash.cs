namespace Countersign.Passwords.Argon2;

/// <summary>A stored hash within the limits.</summary>
internal sealed class Argon2idHash(Argon2idParameters parameters, Argon2Computation computation) : IStoredPasswordHash
{
    /// <summary>
    /// KiB that Argon2id processes in the time of a bcrypt round beside three others. Measured on an AMD EPYC: 1.4 µs for a KiB, 12 µs for a round.
    /// </summary>
    private const int KibibytesPerRound = 8;

    public long EstimatedRounds => Math.Max(1, parameters.WorkKibibytes / KibibytesPerRound);

    public bool Matches(ReadOnlySpan<byte> password) => computation.Matches(parameters, password);
}
