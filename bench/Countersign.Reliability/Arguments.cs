using System.Globalization;
using Countersign.Harness;
using Countersign.Reliability.Results;
using Countersign.Reliability.Runs;

namespace Countersign.Reliability;

/// <summary>The parsed command line, within limits.</summary>
internal sealed record Arguments(string Name, Settings Settings, string? JsonFile)
{
    private const int MostCount = 1_000_000;

    /// <summary>The runs, what they count, and the stores to which they apply.</summary>
    public static readonly IReadOnlyDictionary<string, (Func<Settings, Task<RunResult>> Run, int DefaultCount, StoreKind[] Stores)> Runs =
        new Dictionary<string, (Func<Settings, Task<RunResult>>, int, StoreKind[])>(StringComparer.Ordinal)
        {
            ["race"] = (Race.RunAsync, Race.DefaultCount, [StoreKind.Sqlite, StoreKind.PostgreSql]),
            ["kill"] = (Kill.RunAsync, Kill.DefaultCount, [StoreKind.Sqlite, StoreKind.PostgreSql]),
            ["outage"] = (static settings => Outage.RunAsync(settings, isKilled: false), Outage.DefaultCount, [StoreKind.PostgreSql]),
            ["crash"] = (static settings => Outage.RunAsync(settings, isKilled: true), Outage.DefaultCount, [StoreKind.PostgreSql]),
            ["revoke"] = (Revoke.RunAsync, Revoke.DefaultCount, [StoreKind.PostgreSql, StoreKind.Sqlite]),
            ["rights"] = (Rights.RunAsync, Rights.DefaultCount, [StoreKind.PostgreSql, StoreKind.Sqlite]),
            ["rotate"] = (Rotate.RunAsync, Rotate.DefaultCount, [StoreKind.PostgreSql, StoreKind.Sqlite]),
            ["pairs"] = (Pairs.RunAsync, Pairs.DefaultCount, [StoreKind.Sqlite, StoreKind.PostgreSql]),
        };

    public static string Usage =>
        $"usage: bench/reliability {string.Join('|', Runs.Keys)} [--store sqlite|postgresql] [--count 1..{MostCount}] [--seed N] [--seconds 1..3600] " +
        "[--json FILE]";

    /// <summary>Parses the command line. Null if it is wrong.</summary>
    public static Arguments? TryParse(string[] arguments)
    {
        if (arguments is not [var name, .. var rest] || !Runs.TryGetValue(name, out var run) || rest.Length % 2 != 0)
        {
            return null;
        }

        var store = run.Stores[0];
        (int count, int seed, int seconds, string? file) = (run.DefaultCount, 1, 120, null);
        foreach (string[] option in rest.Chunk(2))
        {
            bool fits = option[0] switch
            {
                "--store" => Enum.TryParse(option[1], ignoreCase: true, out store) && run.Stores.Contains(store),
                "--count" => int.TryParse(option[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MostCount,
                "--seed" => int.TryParse(option[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--seconds" => int.TryParse(option[1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds is >= 1 and <= 3600,
                "--json" => (file = option[1]).Length > 0,
                _ => false,
            };
            if (!fits)
            {
                return null;
            }
        }

        return new Arguments(name, new Settings(store, count, seed, TimeSpan.FromSeconds(seconds), Console.Error), file);
    }
}
