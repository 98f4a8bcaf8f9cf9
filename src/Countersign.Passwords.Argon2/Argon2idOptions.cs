namespace Countersign.Passwords.Argon2;

/// <summary>
/// Limits on the parameters of a stored Argon2id hash, so that stored data cannot cause unlimited work. A hash above a limit is refused before any of its
/// memory is allocated.
/// </summary>
public sealed class Argon2idOptions
{
    /// <summary>
    /// Most memory of one hash in KiB (the parameter <c>m</c>). Range 8 to 1,048,576 (1 GiB), default 262,144 (256 MiB). The default is four times the second
    /// recommendation of RFC 9106 §4, and libsodium's "moderate". The first recommendation, 2 GiB, is too much for a server with many logins.
    /// </summary>
    public int MaxMemoryKibibytes { get; set; } = 262_144;

    /// <summary>Most passes over the memory (the parameter <c>t</c>). Range 1 to 100, default 16.</summary>
    public int MaxIterations { get; set; } = 16;

    /// <summary>Most lanes of one hash (the parameter <c>p</c>). Each lane occupies a thread of the thread pool. Range 1 to 64, default 16.</summary>
    public int MaxParallelism { get; set; } = 16;

    /// <summary>
    /// Most work of one hash: memory in KiB times passes. Range 8 to 16,777,216, default 1,048,576: one pass over 1 GiB, which takes a core of 2024 one or two
    /// seconds.
    /// </summary>
    public long MaxWorkKibibytes { get; set; } = 1_048_576;

    /// <summary>
    /// Most hashes that are computed at once with one scheme; further ones wait on their threads. Together with <see cref="MaxMemoryKibibytes"/> this limits
    /// the memory: by default to 256 MiB for each core. Range 0 to 256. The default 0 means one for each core, as many as an engine with default settings
    /// computes.
    /// </summary>
    public int MaxConcurrent { get; set; }

    internal bool Allows(Argon2idParameters hash) =>
        hash.MemoryKibibytes <= MaxMemoryKibibytes
        && hash.Iterations <= MaxIterations
        && hash.Parallelism <= MaxParallelism
        && hash.WorkKibibytes <= MaxWorkKibibytes;

    internal Argon2idOptions Copy() => new()
    {
        MaxMemoryKibibytes = MaxMemoryKibibytes,
        MaxIterations = MaxIterations,
        MaxParallelism = MaxParallelism,
        MaxWorkKibibytes = MaxWorkKibibytes,
        MaxConcurrent = MaxConcurrent == 0 ? Environment.ProcessorCount : MaxConcurrent,
    };

    /// <summary>Throws for the first setting that is outside its range.</summary>
    internal void Validate()
    {
        Require(MaxMemoryKibibytes is >= 8 and <= 1_048_576, nameof(MaxMemoryKibibytes), "8 to 1,048,576");
        Require(MaxIterations is >= 1 and <= 100, nameof(MaxIterations), "1 to 100");
        Require(MaxParallelism is >= 1 and <= 64, nameof(MaxParallelism), "1 to 64");
        Require(MaxWorkKibibytes is >= 8 and <= 16_777_216, nameof(MaxWorkKibibytes), "8 to 16,777,216");
        Require(MaxConcurrent is >= 0 and <= 256, nameof(MaxConcurrent), "0 to 256");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(Argon2idOptions)}.{option} is outside its range: {range}.", option);
        }
    }
}
