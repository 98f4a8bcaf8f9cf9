using System.Globalization;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>How much is tried, and from which seed: both can be given from outside, to try more or to try the same again.</summary>
internal static class FuzzSeed
{
    /// <summary><c>COUNTERSIGN_FUZZ_SEED</c>, or one that never changes, so that a run that fails fails again.</summary>
    public static int Value { get; } = Read("COUNTERSIGN_FUZZ_SEED", 20261122);

    /// <summary><c>COUNTERSIGN_FUZZ_REQUESTS</c>, or what the suite has time for.</summary>
    /// <param name="usual">The number for <c>./test</c>.</param>
    /// <param name="all">The number for <c>./test --all</c>.</param>
    public static int Requests(int usual, int all) => Read("COUNTERSIGN_FUZZ_REQUESTS", Suite.Count(usual, all));

    private static int Read(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
