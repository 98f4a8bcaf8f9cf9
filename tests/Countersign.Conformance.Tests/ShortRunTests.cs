using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Tests;

/// <summary>The suite itself, for a few seconds, against the server that was built with it.</summary>
public sealed class ShortRunTests
{
    private static readonly string[] WithoutClocks = ["logout-racing-refresh", "password-racing-refresh"];

    private static readonly string[] WithClocks = ["two-tabs", "lost-answer-after-grace", "parent-replayed"];

    [Fact]
    public async Task RunAsync_CheapSchedulesOnSqlite_ServerPassesAll()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-conformance-");
        try
        {
            // Without libfaketime the others would have to wait for minutes.
            string? clocks = Clocks.FindLibrary();
            string[] names = [.. WithoutClocks, .. clocks is null ? [] : WithClocks];
            await using var output = new StringWriter();
            var environment = new RunEnvironment(folder.FullName, clocks, HasPostgreSql: false);
            var server = new CountersignServer(Path.Combine(AppContext.BaseDirectory, "countersign.dll"));

            var card = await new Runner(environment, Size.Brief, seed: 1, TimeProvider.System, output)
                .RunAsync([server], [StoreKind.Sqlite], names, known: [], static _ => { }, TestContext.Current.CancellationToken);

            Assert.Equal(names.Length, card.Rows.Count);
            Assert.True(card.Rows.All(static row => row.Verdict.Outcome is Outcome.Passed), output.ToString());
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
