using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Benchmarks.Measurement;

/// <summary>The results, for people and for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(IReadOnlyList<Row> rows, TextWriter output)
    {
        foreach (var row in rows)
        {
            string versus = string.Join(", ", row.Versus.Select(peer => string.Create(CultureInfo.InvariantCulture, $"{peer.Key} {Significant(peer.Value)}")));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{row.Name,-34}{Duration(row.Nanoseconds),12}{Rate(row.Nanoseconds),17}{Bytes(row.Bytes),12}   {versus}"));
        }
    }

    private static string Rate(double nanoseconds) =>
        nanoseconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{1e9 / nanoseconds:F1} /s") : string.Empty;

    private static string Duration(double nanoseconds) => nanoseconds switch
    {
        0 => string.Empty,
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:F1} ns"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:F2} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:F3} ms"),
    };

    private static string Bytes(double bytes) => double.IsNaN(bytes) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{bytes:F0} B");

    /// <summary>A ratio far below one is written as one part in so many.</summary>
    private static string Significant(double ratio) =>
        ratio < 0.1 ? string.Create(CultureInfo.InvariantCulture, $"1/{1 / ratio:F0}") : string.Create(CultureInfo.InvariantCulture, $"{ratio:F2}");

    /// <summary>An array of <c>{"name", "per_second", "ns", "bytes", "vs": {peer: ratio}}</c>. Bytes are null if another process allocated them.</summary>
    public static string ToJson(IReadOnlyList<Row> rows)
    {
        var array = new JsonArray();
        foreach (var row in rows)
        {
            var versus = new JsonObject();
            foreach (var (peer, ratio) in row.Versus)
            {
                versus[peer] = Math.Round(ratio, 6);
            }

            array.Add((JsonNode)new JsonObject
            {
                ["name"] = row.Name,
                ["per_second"] = row.Nanoseconds > 0 ? Math.Round(1e9 / row.Nanoseconds, 1) : null,
                ["ns"] = Math.Round(row.Nanoseconds),
                ["bytes"] = double.IsNaN(row.Bytes) ? null : Math.Round(row.Bytes),
                ["vs"] = versus,
            });
        }

        return array.ToJsonString(Indented) + "\n";
    }
}
