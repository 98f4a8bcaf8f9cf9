using Countersign.Conformance.Schedules;

namespace Countersign.Conformance.Nodes;

/// <summary>What a deployment must have for a schedule. Schedules of one shape share a deployment.</summary>
internal readonly record struct Shape(int Nodes, bool HasClocks, bool HasProxy)
{
    public static Shape For(Needs needs) =>
        new(needs.HasFlag(Needs.TwoNodes) ? 2 : 1, (needs & (Needs.Time | Needs.ToldClock)) != 0, needs.HasFlag(Needs.Proxy));
}
