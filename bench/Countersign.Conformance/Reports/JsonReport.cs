using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Conformance.Reports;

/// <summary>The scorecard for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(Scorecard card) => JsonSerializer.Serialize(
        new
        {
            card.At,
            card.Seed,
            card.Size,
            card.ClocksWereTold,
            Servers = card.Servers.Select(static server => new { server.Name, server.Versions }),
            Rows = card.Rows.Select(static row => new
            {
                row.Server,
                row.Store,
                row.Schedule,
                row.Verdict.Outcome,
                row.Verdict.Trials,
                row.Verdict.Failures,
                row.Verdict.Remarks,
                row.Verdict.Example,
                row.Verdict.Note,
                Seconds = Math.Round(row.Took.TotalSeconds, 1),
            }),
        },
        Options) + "\n";
}
