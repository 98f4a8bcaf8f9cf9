using Countersign.Reliability;
using Countersign.Reliability.Results;
using Countersign.Reliability.Runs;

namespace Countersign.Server.Tests.Reliability;

/// <summary>Small runs of <c>bench/reliability</c>: two processes of the server on one file.</summary>
public sealed class ReliabilityTests
{
    [Fact]
    public async Task Race_OneTokenAtTwoNodes_HasOneSuccessor() => AssertHolds(await Race.RunAsync(Settings(Suite.Count(usual: 50, all: 200))));

    [Fact]
    public async Task Kill_NodesUnderLoad_LosesNoClientAndRevivesNoToken() => AssertHolds(await Kill.RunAsync(Settings(Suite.Count(usual: 1, all: 3))));

    private static Settings Settings(int count) => new(StoreKind.Sqlite, count, Seed: 1, Away: TimeSpan.Zero, TextWriter.Null);

    private static void AssertHolds(RunResult result) => Assert.True(result.Holds, result.Failures);
}
