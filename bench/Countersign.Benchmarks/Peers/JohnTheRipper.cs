using System.Globalization;
using System.Text.RegularExpressions;
using Countersign.Benchmarks.Measurement;
using Countersign.Harness;

namespace Countersign.Benchmarks.Peers;

/// <summary>John the Ripper's own measurement of bcrypt at cost 5. Attackers use this program.</summary>
internal static partial class JohnTheRipper
{
    private const int MeasuredCost = 5;

    /// <summary>Nanoseconds of one hash of that cost on one core, scaled by the work; null if the program is not installed.</summary>
    public static async Task<double?> MeasureAsync(int cost, int seconds)
    {
        var john = new ProcessCommand(["nice", "-n", "10", "john", $"--test={seconds}", "--format=bcrypt"])
        {
            Core = OneCore.Number,

            // One thread, if it is built for more.
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["OMP_NUM_THREADS"] = "1" },
        };
        string output;
        try
        {
            (_, output, _) = await john.RunAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        if (Speed().Match(output) is not { Success: true } match)
        {
            return null;
        }

        double perSecond = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * (match.Groups["kilo"].Length > 0 ? 1000 : 1);
        return 1e9 / perSecond * (Expansions(cost) / Expansions(MeasuredCost));
    }

    /// <summary>
    /// Key expansions of a hash: one with the salt, and two in each round. The text's 192 encipherments at the end are a part of one more, which has 521.
    /// </summary>
    private static double Expansions(int cost) => 1 + (2L << cost) + (192.0 / 521);

    [GeneratedRegex(@"Raw:\s+(?<number>[0-9.]+)(?<kilo>K?) c/s real", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Speed();
}
