using Countersign.Conformance.Nodes;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Reports;

/// <summary>The words of the reports.</summary>
internal static class Wording
{
    public static string Of(Fact fact) => fact switch
    {
        Fact.FalseLogout => "false logout",
        Fact.LostSession => "lost session",
        Fact.ThiefUndetected => "thief undetected",
        Fact.RevivedToken => "revived token",
        Fact.TwoLiveBranches => "two live branches",
        Fact.LingeringAccess => "access token lingers",
        Fact.ServerFault => "5xx other than 503",
        Fact.Hang => "hang",
        _ => throw new ArgumentOutOfRangeException(nameof(fact)),
    };

    public static string Of(StoreKind store) => store is StoreKind.Sqlite ? "SQLite" : "PostgreSQL";

    /// <summary>A cell of the card: "pass", "n/a", or what failed in how many of how many trials.</summary>
    public static string Cell(Verdict? verdict) => verdict switch
    {
        null => "–",
        { Outcome: Outcome.NotApplicable } => "n/a",
        { Outcome: Outcome.Passed } => $"pass ({verdict.Trials})",
        { Failures.Count: 0 } => "FAIL: did not end",
        _ => "FAIL: " + Facts(verdict.Failures, verdict.Trials),
    };

    public static string Facts(IReadOnlyDictionary<Fact, int> facts, int trials) => string.Join(", ", facts.Select(pair => $"{Of(pair.Key)} {pair.Value}/{trials}"));
}
