namespace Countersign.Sessions.Rotation;

/// <summary>What one refresh comes to.</summary>
/// <param name="Case">The line of the table.</param>
/// <param name="Error">Why it is refused; null when the pair of the row's state (after <paramref name="Next"/>) is the answer.</param>
/// <param name="Next">The state to write; null when nothing is written.</param>
internal readonly record struct RotationDecision(RotationCase Case, RefreshError? Error, SessionState? Next);
