using Countersign.Conformance.Nodes;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Reports;

/// <summary>One schedule, one server, one store.</summary>
internal sealed record ScoreRow(string Server, StoreKind Store, string Schedule, Verdict Verdict, TimeSpan Took);
