namespace Countersign.Bearer.Refusals;

/// <summary>
/// Why a request that was authenticated is refused all the same. Authorization hands no reason to a scheme that forbids, so whoever refuses leaves it here.
/// </summary>
/// <param name="Refusal">What the scheme will write.</param>
internal sealed record RefusalFeature(Refusal Refusal);
