using Countersign.Tokens;

namespace Countersign.Sessions.Rotation;

/// <summary>What one refresh comes to.</summary>
/// <param name="Case">The line of the table.</param>
/// <param name="Error">Why it is refused; null when the pair of the row's state (after <paramref name="Next"/>) is the answer.</param>
/// <param name="Next">The state to write; null when nothing is written.</param>
internal readonly record struct RotationDecision(RotationCase Case, RefreshError? Error, SessionState? Next);

/// <summary>The line of the rotation table that a refresh fell on. The numbers are the table's.</summary>
internal enum RotationCase
{
    /// <summary>Line 1: refused before rotation is looked at.</summary>
    Refused = 1,

    /// <summary>Line 2: the current token within the minimum rotation interval: the same refresh token again.</summary>
    Repeated = 2,

    /// <summary>Line 3: the current token: the next generation.</summary>
    Rotated = 3,

    /// <summary>Line 4: the parent, or the child displaced last, within the grace: the pair for the current generation.</summary>
    ParentReplayed = 4,

    /// <summary>Line 5: the parent after the grace: its answer was lost, the child is orphaned.</summary>
    AnswerLost = 5,

    /// <summary>Line 6: one ahead of the row: a failover lost one write, it is done again.</summary>
    WriteLost = 6,

    /// <summary>Line 7: further ahead of the row than that.</summary>
    Ahead = 7,

    /// <summary>Line 8: a token that was left behind: the session is revoked.</summary>
    Reuse = 8,
}

/// <summary>
/// The names of the lines of the rotation table that leave a line in the audit table: those that an honest client meets only when something failed.
/// </summary>
internal static class RotationEvents
{
    /// <summary>The event's name; null for the lines of ordinary days.</summary>
    public static string? NameOf(RotationCase rotation) => rotation switch
    {
        RotationCase.AnswerLost => "refresh_answer_lost",
        RotationCase.WriteLost => "refresh_write_lost",
        RotationCase.Ahead => ReasonCodes.SessionAhead,
        RotationCase.Reuse => ReasonCodes.RefreshTokenReused,
        _ => null,
    };

    /// <summary>What the line says of the token.</summary>
    public static string DetailOf(in RefreshTokenClaims token) => $"generation {token.Generation} presented";
}
