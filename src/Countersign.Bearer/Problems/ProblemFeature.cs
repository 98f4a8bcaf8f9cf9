namespace Countersign.Bearer.Problems;

/// <summary>
/// Why an authenticated request is refused. Authorization gives no reason to the scheme that forbids a request, so the code that refuses stores the reason
/// here.
/// </summary>
/// <param name="Problem">The problem that the scheme writes.</param>
internal sealed record ProblemFeature(Problem Problem);
