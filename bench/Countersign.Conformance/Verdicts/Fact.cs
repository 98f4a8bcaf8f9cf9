namespace Countersign.Conformance.Verdicts;

/// <summary>Something that a client saw and should not have seen.</summary>
internal enum Fact
{
    /// <summary>An honest client was refused, and nothing had ended its session.</summary>
    FalseLogout = 1,

    /// <summary>After a technical fault an honest client could not continue with the token that it held.</summary>
    LostSession,

    /// <summary>A copied refresh token continued beside its owner's.</summary>
    ThiefUndetected,

    /// <summary>A refresh token of an ended session gave a new one.</summary>
    RevivedToken,

    /// <summary>One session continued under two refresh tokens, each with its own successors.</summary>
    TwoLiveBranches,

    /// <summary>An access token was accepted after its session had ended.</summary>
    LingeringAccess,

    /// <summary>A 5xx other than 503: the client is not told that it may try again.</summary>
    ServerFault,

    /// <summary>No answer in twenty seconds.</summary>
    Hang,
}
