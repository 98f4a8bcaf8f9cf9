using Countersign.Bearer.Problems;
using Countersign.Tokens;

namespace Countersign.Bearer;

/// <summary>A scheme's decision about a token. The zero value accepts nothing.</summary>
internal readonly record struct BearerDecision
{
    /// <summary>What the token says; null if it is refused.</summary>
    public TokenClaims? Claims { get; private init; }

    /// <summary>Why it is refused; null if it is accepted.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>The origin of the token, as far as the scheme can tell for a refused token.</summary>
    public TokenOrigin Origin { get; private init; }

    public static BearerDecision Accept(TokenClaims claims) => new() { Claims = claims, Origin = TokenOrigin.Own };

    public static BearerDecision Refuse(Problem problem, TokenOrigin origin) => new() { Problem = problem, Origin = origin };
}

/// <summary>
/// Which issuer a refused token names; this is not verified. If several schemes refuse a token, the client gets the answer with the highest value: that of the
/// token's issuer.
/// </summary>
internal enum TokenOrigin
{
    /// <summary>The token names another issuer, or none.</summary>
    Foreign,

    /// <summary>The scheme can't tell.</summary>
    Unknown,

    /// <summary>The token names the scheme's issuer.</summary>
    Own,
}
