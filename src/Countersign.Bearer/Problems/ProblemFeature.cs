namespace Countersign.Bearer.Problems;

/// <summary>
/// Why a request that was authenticated is refused all the same. Authorization hands no reason to a scheme that forbids, so whoever refuses leaves it here.
/// </summary>
/// <param name="Problem">What the scheme will write.</param>
internal sealed record ProblemFeature(Problem Problem);
