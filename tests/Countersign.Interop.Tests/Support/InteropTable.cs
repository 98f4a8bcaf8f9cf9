using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Countersign.Interop.Tests.Support.InteropTable))]

namespace Countersign.Interop.Tests.Support;

/// <summary>What was tried with which client, written beside the other artefacts when all tests have run.</summary>
public sealed class InteropTable : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(string Client, string Operation), string> Rows = new();

    /// <summary>Keeps one row. Called after the assertions, so that what stands in the table has passed.</summary>
    public static void Passed(string client, string operation, string detail = "") => Rows[(client, operation)] = detail;

    public async ValueTask DisposeAsync()
    {
        var lines = Rows.OrderBy(row => row.Key.Client, StringComparer.Ordinal).ThenBy(row => row.Key.Operation, StringComparer.Ordinal)
            .Select(row => $"| {row.Key.Client} | {row.Key.Operation} | {row.Value.Replace('|', '/')} |\n");
        await Artifacts.WriteAsync("interop.md", $"| client | operation | seen |\n|---|---|---|\n{string.Concat(lines)}");
    }
}
