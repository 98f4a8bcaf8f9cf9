namespace Countersign.Reliability.Results;

/// <summary>One thing that has to hold.</summary>
/// <param name="What">What is held against the limit.</param>
/// <param name="Value">What was found.</param>
/// <param name="Limit">What it may be, in words.</param>
/// <param name="Holds">Whether it is so.</param>
internal sealed record Verdict(string What, double Value, string Limit, bool Holds);
