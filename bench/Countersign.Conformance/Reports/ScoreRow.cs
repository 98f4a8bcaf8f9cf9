using Countersign.Conformance.Nodes;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Reports;

/// <summary>One schedule, one server, one store, and how much of it was played.</summary>
internal sealed record ScoreRow(string Server, StoreKind Store, string Schedule, Verdict Verdict, TimeSpan Took, Size Size);
