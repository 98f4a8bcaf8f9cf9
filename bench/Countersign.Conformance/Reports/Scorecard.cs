using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Reports;

/// <summary>The results of one run.</summary>
internal sealed record Scorecard(
    IReadOnlyList<Server> Servers, IReadOnlyList<StoreKind> Stores, IReadOnlyList<Schedule> Schedules, IReadOnlyList<ScoreRow> Rows,
    int Seed, bool IsResumed, bool ClocksWereTold, DateTimeOffset At)
{
    public bool HasFailed(string server) => Rows.Any(row => row.Server == server && row.Verdict.Outcome is Outcome.Failed);

    public ScoreRow? Find(string server, StoreKind store, string schedule) =>
        Rows.FirstOrDefault(row => row.Server == server && row.Store == store && row.Schedule == schedule);
}
