using System.Globalization;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Harness;

namespace Countersign.Conformance;

/// <summary>The parsed command line.</summary>
/// <param name="Folder">An empty folder for all files, open to other users.</param>
/// <param name="IsQuick">Fewer trials, shorter outages.</param>
/// <param name="Only">The only schedule to play; null for all.</param>
/// <param name="Server">The only server; null for all.</param>
/// <param name="Store">The only store; null for both.</param>
/// <param name="Seed">The seed of all random choices.</param>
/// <param name="JsonFile">The file for the scorecard as JSON; null for none.</param>
/// <param name="IsResumed">Whether to keep the rows of that file, and to play only the rest.</param>
/// <param name="MarkdownFile">The file for the scorecard as a page; null for none.</param>
internal sealed record Arguments(
    string Folder, bool IsQuick, string? Only, string? Server, StoreKind? Store, int Seed, string? JsonFile, bool IsResumed, string? MarkdownFile)
{
    public const string Usage =
        "usage: bench/conformance [--quick] [--only NAME] [--server countersign|mapidentityapi|openiddict] [--store sqlite|postgresql] [--seed N] [--json " +
        "FILE [--resume]] [--markdown FILE]";

    public static readonly IReadOnlyList<string> Servers = ["countersign", "mapidentityapi", "openiddict"];

    private static readonly string[] Known = ["--work", "--only", "--server", "--store", "--seed", "--json", "--markdown"];

    /// <summary>Parses the command line. Null if it is wrong.</summary>
    public static Arguments? TryParse(string[] arguments)
    {
        const string quick = "--quick", resume = "--resume";
        string[] switches = [.. arguments.Where(static argument => argument is quick or resume)];
        string[] pairs = [.. arguments.Where(static argument => argument is not (quick or resume))];
        if (pairs.Length % 2 != 0 || switches.Distinct(StringComparer.Ordinal).Count() < switches.Length)
        {
            return null;
        }

        var values = pairs.Chunk(2).ToLookup(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        StoreKind? store = null;
        int seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        return values.All(static option => Known.Contains(option.Key, StringComparer.Ordinal) && option.Count() == 1)
            && Value("--work") is { } folder
            && (Value("--only") is not { } only || Catalogue.All.Any(schedule => schedule.Name == only))
            && (Value("--server") is not { } server || Servers.Contains(server, StringComparer.Ordinal))
            && TryStore(Value("--store"), ref store)
            && (!switches.Contains(resume, StringComparer.Ordinal) || Value("--json") is not null)
            && (Value("--seed") is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed))
            ? new Arguments(folder, switches.Contains(quick, StringComparer.Ordinal), Value("--only"), Value("--server"), store, seed,
                Value("--json"), switches.Contains(resume, StringComparer.Ordinal), Value("--markdown"))
            : null;

        string? Value(string option) => values[option].SingleOrDefault();
    }

    private static bool TryStore(string? text, ref StoreKind? store)
    {
        store = text switch
        {
            "sqlite" => StoreKind.Sqlite,
            "postgresql" => StoreKind.PostgreSql,
            _ => null,
        };
        return text is null || store is not null;
    }
}
