using System.Collections.Frozen;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>One row of the suite.</summary>
/// <param name="Name">The stable name, which scripts and reports use.</param>
/// <param name="Story">What happens, in one sentence.</param>
/// <param name="IfItFails">What a user would see of a failure.</param>
/// <param name="Needs">What the schedule needs.</param>
/// <param name="Rule">The facts that fail it.</param>
/// <param name="PlayAsync">Plays all trials.</param>
internal sealed record Schedule(string Name, string Story, string IfItFails, Needs Needs, FrozenSet<Fact> Rule, Func<Scenario, Task> PlayAsync);
