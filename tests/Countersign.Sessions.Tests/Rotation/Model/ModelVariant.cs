namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>The rule under search: the real one, or one that lacks a part.</summary>
/// <param name="Mutation">The part of the table that is missing.</param>
/// <param name="SlowCommit">What follows a slow commit that wrote.</param>
/// <param name="WaitsForever">Whether requests wait for any time, without a 503.</param>
/// <param name="AgesAtDecision">Whether age is taken at the decision, not at the arrival.</param>
internal sealed record ModelVariant(
    Mutation Mutation = Mutation.None,
    SlowCommit SlowCommit = SlowCommit.Touch,
    bool WaitsForever = false,
    bool AgesAtDecision = false);
