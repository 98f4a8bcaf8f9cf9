using Countersign.Conformance.Clients;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Schedules;

/// <summary>One trial of a schedule: one session, and what was seen of it.</summary>
/// <param name="Client">The honest client.</param>
/// <param name="Random">Random choices, from the seed of the run.</param>
internal sealed record Trial(Client Client, Random Random)
{
    public Evidence Evidence { get; } = new();

    public TimeSpan Delay(int mostMilliseconds) => TimeSpan.FromMilliseconds(Random.NextDouble() * mostMilliseconds);
}
