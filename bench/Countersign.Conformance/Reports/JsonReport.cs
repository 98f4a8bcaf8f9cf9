using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Reports;

/// <summary>The scorecard as JSON, for programs and for a later run that resumes it.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(Scorecard card) => JsonSerializer.Serialize(
        new Document(
            card.At, card.Seed, card.ClocksWereTold, card.Servers.ToDictionary(static server => server.Name, static server => server.Versions),
            [.. card.Rows.Select(static row => new Row(
                row.Server, row.Store, row.Schedule, row.Verdict.Outcome, row.Verdict.Trials, row.Verdict.Failures, row.Verdict.Remarks,
                row.Verdict.Example, row.Verdict.Note, Math.Round(row.Took.TotalSeconds, 1), row.Size))]),
        Options) + "\n";

    /// <summary>Reads the rows of an earlier scorecard.</summary>
    /// <exception cref="JsonException">The text is not a scorecard.</exception>
    public static IReadOnlyList<ScoreRow> ReadRows(string json) =>
    [
        .. (JsonSerializer.Deserialize<Document>(json, Options) ?? throw new JsonException("There is no scorecard.")).Rows.Select(static row => new ScoreRow(
            row.Server, row.Store, row.Schedule, new Verdict(row.Outcome, row.Trials, row.Failures, row.Remarks, row.Example, row.Note),
            TimeSpan.FromSeconds(row.Seconds),
            row.Size is not 0 ? row.Size : throw new JsonException("A row does not say how much of it was played."))),
    ];

    private sealed record Document(
        DateTimeOffset At, int Seed, bool ClocksWereTold, IReadOnlyDictionary<string, IReadOnlyList<string>> Versions, IReadOnlyList<Row> Rows);

    private sealed record Row(
        string Server, StoreKind Store, string Schedule, Outcome Outcome, int Trials, IReadOnlyDictionary<Fact, int> Failures,
        IReadOnlyDictionary<Fact, int> Remarks, string? Example, string? Note, double Seconds, Size Size);
}
