namespace Countersign.Bearer.Problems;

/// <summary>What is wrong with one member of a request.</summary>
/// <param name="Member">The member's name, one of those that the route knows; never a name from the request.</param>
/// <param name="Faults">The faults; at least one.</param>
internal sealed record MemberFaults(string Member, IReadOnlyList<MemberFault> Faults);

/// <summary>One fault of a member.</summary>
/// <param name="Code">The stable code, in snake case.</param>
/// <param name="Message">The text for a person, in English.</param>
internal readonly record struct MemberFault(string Code, string Message);
