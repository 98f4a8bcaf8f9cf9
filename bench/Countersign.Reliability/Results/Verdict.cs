namespace Countersign.Reliability.Results;

/// <summary>One condition that must hold.</summary>
/// <param name="What">What is compared with the limit.</param>
/// <param name="Value">What was found.</param>
/// <param name="Limit">The allowed values, in words.</param>
/// <param name="Holds">Whether the condition holds.</param>
internal sealed record Verdict(string What, double Value, string Limit, bool Holds);
