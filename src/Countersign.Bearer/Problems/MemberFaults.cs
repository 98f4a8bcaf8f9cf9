namespace Countersign.Bearer.Problems;

/// <summary>What is wrong with one member of a request.</summary>
/// <param name="Member">Its name, one of those that the route knows; never a name that a client made up.</param>
/// <param name="Faults">At least one.</param>
internal sealed record MemberFaults(string Member, IReadOnlyList<MemberFault> Faults);

/// <summary>One fault of a member.</summary>
/// <param name="Code">Stable, in snake case.</param>
/// <param name="Message">For a person, in English.</param>
internal readonly record struct MemberFault(string Code, string Message);
