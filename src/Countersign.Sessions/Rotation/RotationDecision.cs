using Countersign.Tokens;

namespace Countersign.Sessions.Rotation;

/// <summary>The result of one refresh.</summary>
/// <param name="Case">The line of the table.</param>
/// <param name="Error">Why the refresh is refused. Null if the answer is the pair for the row's state (after <paramref name="Next"/>).</param>
/// <param name="Next">The state to write; null if nothing is written.</param>
internal readonly record struct RotationDecision(RotationCase Case, RefreshError? Error, SessionState? Next);

/// <summary>The line of the rotation table that applied to a refresh. The numbers are those of the table.</summary>
internal enum RotationCase
{
    /// <summary>Line 1: refused before the rotation rules apply.</summary>
    Refused = 1,

    /// <summary>Line 2: the current token within the minimum rotation interval. The answer is the same refresh token.</summary>
    Repeated = 2,

    /// <summary>Line 3: the current token. The answer is the next generation.</summary>
    Rotated = 3,

    /// <summary>Line 4: the parent, or the child that was replaced last, within the grace. The answer is the pair for the current generation.</summary>
    ParentReplayed = 4,

    /// <summary>Line 5: the parent after the grace. Its answer was lost, and the child is orphaned.</summary>
    AnswerLost = 5,

    /// <summary>Line 6: one generation ahead of the row. A failover lost one write, which is repeated.</summary>
    WriteLost = 6,

    /// <summary>Line 7: more than one generation ahead of the row.</summary>
    Ahead = 7,

    /// <summary>Line 8: a token that was already replaced. The session is revoked.</summary>
    Reuse = 8,
}

/// <summary>
/// The names of the lines of the rotation table that are recorded in the audit table. An honest client meets these lines only after a failure.
/// </summary>
internal static class RotationEvents
{
    /// <summary>The event's name; null for lines that are not recorded.</summary>
    public static string? NameOf(RotationCase rotation) => rotation switch
    {
        RotationCase.AnswerLost => "refresh_answer_lost",
        RotationCase.WriteLost => "refresh_write_lost",
        RotationCase.Ahead => ReasonCodes.SessionAhead,
        RotationCase.Reuse => ReasonCodes.RefreshTokenReused,
        _ => null,
    };

    /// <summary>The text about the token in the audit table.</summary>
    public static string DetailOf(in RefreshTokenClaims token) => $"generation {token.Generation} presented";
}
