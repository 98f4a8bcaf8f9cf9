using Countersign.Conformance.Verdicts;
using Countersign.Conformance.Wiring;

namespace Countersign.Conformance.Schedules;

/// <summary>One playing of a schedule: one session, and what was seen of it.</summary>
/// <param name="Client">The honest client.</param>
/// <param name="Random">Chance, from the seed of the run.</param>
internal sealed record Trial(Holder Client, Random Random)
{
    public FactSheet Facts { get; } = new();

    public TimeSpan Delay(int mostMilliseconds) => TimeSpan.FromMilliseconds(Random.NextDouble() * mostMilliseconds);
}
