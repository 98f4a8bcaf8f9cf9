namespace Countersign.Conformance.Verdicts;

/// <summary>What a client saw and should not have.</summary>
internal enum Fact
{
    /// <summary>An honest client was refused, and nothing had ended its session.</summary>
    FalseLogout = 1,

    /// <summary>After a fault of the machinery an honest client could not go on with what it held.</summary>
    LostSession,

    /// <summary>A copied refresh token went on beside its owner's.</summary>
    ThiefUndetected,

    /// <summary>A refresh token that was over gave a new one.</summary>
    RevivedToken,

    /// <summary>One session went on under two refresh tokens, each with successors of its own.</summary>
    TwoLiveBranches,

    /// <summary>An access token was taken after its session had ended.</summary>
    LingeringAccess,

    /// <summary>A 5xx that is not 503: the client is not told that it may come back.</summary>
    ServerFault,

    /// <summary>No answer in twenty seconds.</summary>
    Hang,
}
