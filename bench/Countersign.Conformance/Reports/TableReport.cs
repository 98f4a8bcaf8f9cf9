using System.Globalization;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Reports;

/// <summary>The scorecard on a console.</summary>
internal static class TableReport
{
    /// <summary>Writes one row as soon as it is known.</summary>
    public static string Line(ScoreRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Server,-15} {Wording.Of(row.Store),-11} {row.Schedule,-24} {Wording.Cell(row.Verdict)}{Details(row.Verdict)} [{row.Took.TotalSeconds:0.0} s]");

    public static void Print(Scorecard card, TextWriter output)
    {
        output.WriteLine();
        foreach (var server in card.Servers)
        {
            foreach (var store in card.Stores)
            {
                var verdicts = card.Rows.Where(row => row.Server == server.Name && row.Store == store).Select(static row => row.Verdict.Outcome).ToList();
                output.WriteLine(
                    $"{server.Title,-15} {Wording.Of(store),-11} {verdicts.Count(static outcome => outcome is Outcome.Passed)} passed, "
                    + $"{verdicts.Count(static outcome => outcome is Outcome.Failed)} failed, "
                    + $"{verdicts.Count(static outcome => outcome is Outcome.NotApplicable)} not applicable");
            }
        }
    }

    private static string Details(Verdict verdict) => string.Concat(
        verdict.Example is { } example ? $"; {example}" : string.Empty,
        verdict.Remarks.Count > 0 ? $"; beside it: {Wording.Facts(verdict.Remarks, verdict.Trials)}" : string.Empty,
        verdict.Note is { } note ? $"; {note}" : string.Empty);
}
