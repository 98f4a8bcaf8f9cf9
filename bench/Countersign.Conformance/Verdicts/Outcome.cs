namespace Countersign.Conformance.Verdicts;

/// <summary>How a schedule ended.</summary>
internal enum Outcome
{
    Passed = 1,
    Failed,

    /// <summary>It has no meaning for this server or store, or something that it needs is missing.</summary>
    NotApplicable,
}
