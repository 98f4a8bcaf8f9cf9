namespace Countersign.Conformance.Verdicts;

/// <summary>How a schedule ended.</summary>
internal enum Outcome
{
    Passed = 1,
    Failed,

    /// <summary>The schedule does not apply to this server or store, or something that it needs is missing.</summary>
    NotApplicable,
}
