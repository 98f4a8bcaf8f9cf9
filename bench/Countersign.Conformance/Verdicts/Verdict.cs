namespace Countersign.Conformance.Verdicts;

/// <summary>What one schedule showed of one server.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Trials">How often it was played.</param>
/// <param name="Failures">In how many trials each fact was seen that the schedule is about.</param>
/// <param name="Remarks">The same for other facts, which fail another schedule.</param>
/// <param name="Example">The first failure, in the words of the trial; else null.</param>
/// <param name="Note">What else was measured, or why it does not apply; else null.</param>
internal sealed record Verdict(
    Outcome Outcome, int Trials, IReadOnlyDictionary<Fact, int> Failures, IReadOnlyDictionary<Fact, int> Remarks, string? Example, string? Note)
{
    private static readonly Dictionary<Fact, int> None = [];

    public static Verdict NotApplicable(string why) => new(Outcome.NotApplicable, 0, None, None, null, why);

    /// <summary>The rule: one trial that shows one of the facts fails the schedule. No trial at all fails too, and so does a harm that was to be done and was not.</summary>
    /// <param name="trials">What was seen.</param>
    /// <param name="rule">The facts that fail it.</param>
    /// <param name="note">What else was measured; else null.</param>
    /// <param name="missed">What was to happen in the trials and did not; else null.</param>
    public static Verdict Of(IReadOnlyCollection<Evidence> trials, IReadOnlySet<Fact> rule, string? note, string? missed = null)
    {
        var seen = trials.SelectMany(static trial => trial.Facts).ToList();
        var failures = Count(fact => rule.Contains(fact));
        var first = seen.FirstOrDefault(pair => rule.Contains(pair.Key));
        return new Verdict(
            failures.Count == 0 && trials.Count > 0 && missed is null ? Outcome.Passed : Outcome.Failed, trials.Count, failures, Count(fact => !rule.Contains(fact)),
            trials.Count == 0 ? "no trial was played" : first.Value ?? missed, note);

        Dictionary<Fact, int> Count(Predicate<Fact> isMeant) =>
            seen.Where(pair => isMeant(pair.Key)).CountBy(static pair => pair.Key).OrderBy(static pair => pair.Key).ToDictionary(static pair => pair.Key, static pair => pair.Value);
    }
}
