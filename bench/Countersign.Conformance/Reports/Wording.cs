using Countersign.Conformance.Nodes;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

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

    /// <summary>What a user would see of a fact, in one sentence.</summary>
    public static string SeenOf(Fact fact) => fact switch
    {
        Fact.FalseLogout => "Someone is at the login page who did nothing but use the app.",
        Fact.LostSession => "After the fault someone is at the login page.",
        Fact.ThiefUndetected => "A thief stays in the account, and nobody notices.",
        Fact.RevivedToken => "A token that should be dead opens the account.",
        Fact.TwoLiveBranches => "Nothing; but the session has two refresh tokens from then on, and a copy of either stays good by itself.",
        Fact.LingeringAccess => "What was ended goes on until the access token expires.",
        Fact.ServerFault => "An error page, where an app could have waited and tried again.",
        Fact.Hang => "A page that loads and loads.",
        _ => throw new ArgumentOutOfRangeException(nameof(fact)),
    };

    public static string Of(StoreKind store) => store is StoreKind.Sqlite ? "SQLite" : "PostgreSQL";

    /// <summary>A cell of the card: "pass", "n/a", the number of trials in which something failed, or that the trials show nothing.</summary>
    public static string Cell(Verdict? verdict) => verdict switch
    {
        null => "–",
        { Outcome: Outcome.NotApplicable } => "n/a",
        { Outcome: Outcome.Passed } => $"pass ({verdict.Trials})",
        { Failures.Count: 0, Trials: 0 } => "FAIL: did not end",
        { Failures.Count: 0 } => "FAIL: shows nothing",
        _ => "FAIL: " + Facts(verdict.Failures, verdict.Trials),
    };

    public static string Facts(IReadOnlyDictionary<Fact, int> facts, int trials) =>
        string.Join(", ", facts.Select(pair => $"{Of(pair.Key)} {pair.Value}/{trials}"));
}
