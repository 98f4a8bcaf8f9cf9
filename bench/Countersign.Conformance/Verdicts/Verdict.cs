namespace Countersign.Conformance.Verdicts;

/// <summary>The result of one schedule for one server.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Trials">The number of trials.</param>
/// <param name="Failures">For each fact of the schedule, the number of trials that showed it.</param>
/// <param name="Remarks">The same for other facts, which fail another schedule.</param>
/// <param name="Example">The first failure, in the words of the trial; otherwise null.</param>
/// <param name="Note">What else was measured, or why it does not apply; otherwise null.</param>
internal sealed record Verdict(
    Outcome Outcome, int Trials, IReadOnlyDictionary<Fact, int> Failures, IReadOnlyDictionary<Fact, int> Remarks, string? Example, string? Note)
{
    private static readonly Dictionary<Fact, int> None = [];

    public static Verdict NotApplicable(string why) => new(Outcome.NotApplicable, 0, None, None, null, why);

    /// <summary>
    /// Judges: one trial that shows one of the facts fails the schedule. So does a schedule without trials, and one whose planned fault did not happen.
    /// </summary>
    /// <param name="trials">What each trial showed.</param>
    /// <param name="rule">The facts that fail it.</param>
    /// <param name="note">What else was measured; otherwise null.</param>
    /// <param name="missed">What should have happened in the trials and did not; otherwise null.</param>
    public static Verdict Of(IReadOnlyCollection<Evidence> trials, IReadOnlySet<Fact> rule, string? note, string? missed = null)
    {
        var seen = trials.SelectMany(static trial => trial.Facts).ToList();
        var failures = Count(fact => rule.Contains(fact));
        var first = seen.FirstOrDefault(pair => rule.Contains(pair.Key));
        return new Verdict(
            failures.Count == 0 && trials.Count > 0 && missed is null ? Outcome.Passed : Outcome.Failed,
            trials.Count,
            failures,
            Count(fact => !rule.Contains(fact)),
            trials.Count == 0 ? "no trial was played" : first.Value ?? missed,
            note);

        Dictionary<Fact, int> Count(Predicate<Fact> isMeant) =>
            seen.Where(pair => isMeant(pair.Key)).CountBy(static pair => pair.Key).OrderBy(static pair => pair.Key)
                .ToDictionary(static pair => pair.Key, static pair => pair.Value);
    }
}
