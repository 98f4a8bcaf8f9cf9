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
            string versus = string.Join(", ", row.Versus.Select(peer => string.Create(CultureInfo.InvariantCulture, $"{peer.Key} {peer.Value:F2}")));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{row.Name,-24}{Time(row.Nanoseconds)}{row.Bytes,10:F0} B   {versus}"));
        }
    }

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        0 => new string(' ', 29),
        < 1e4 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds,10:F1} ns{1e3 / nanoseconds,12:F1} M/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6,10:F3} ms{1e9 / nanoseconds,12:F1}  /s"),
    };

    /// <summary>An array of <c>{"name", "ns", "bytes", "vs": {peer: ratio}}</c>.</summary>
    public static string ToJson(IReadOnlyList<Row> rows)
    {
        var array = new JsonArray();
        foreach (var row in rows)
        {
            var versus = new JsonObject();
            foreach (var (peer, ratio) in row.Versus)
            {
                versus[peer] = Math.Round(ratio, 4);
            }

            array.Add((JsonNode)new JsonObject
            {
                ["name"] = row.Name,
                ["ns"] = Math.Round(row.Nanoseconds),
                ["bytes"] = Math.Round(row.Bytes),
                ["vs"] = versus,
            });
        }

        return array.ToJsonString(Indented) + "\n";
    }
}
