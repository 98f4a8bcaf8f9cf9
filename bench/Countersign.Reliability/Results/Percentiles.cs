namespace Countersign.Reliability.Results;

/// <summary>What so many percent of the values did not exceed.</summary>
internal static class Percentiles
{
    /// <returns>Not a number where there are no values.</returns>
    public static double Of(IEnumerable<double> values, double percent)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)];
    }

    /// <summary>Adds median, 99th percentile and maximum of some milliseconds.</summary>
    public static void AddTo(RunResult result, string what, IReadOnlyCollection<double> milliseconds)
    {
        result.Fact($"{what}: p50, ms", Of(milliseconds, 50));
        result.Fact($"{what}: p99, ms", Of(milliseconds, 99));
        result.Fact($"{what}: max, ms", Of(milliseconds, 100));
    }
}
