using Countersign.Tokens;

namespace Countersign.Sessions.Rotation;

/// <summary>The names of the lines of the rotation table that leave a line in the audit table: those that an honest client meets only when something failed.</summary>
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
