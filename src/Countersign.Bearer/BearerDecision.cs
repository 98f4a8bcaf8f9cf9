using Countersign.Bearer.Problems;
using Countersign.Tokens;

namespace Countersign.Bearer;

/// <summary>What a scheme makes of a token. The zero value accepts nothing.</summary>
internal readonly record struct BearerDecision
{
    /// <summary>What the token says; null where it is refused.</summary>
    public TokenClaims? Claims { get; private init; }

    /// <summary>Why it is refused; null where it is not.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>Whose token it is, as far as the scheme can tell of a refused one.</summary>
    public TokenOrigin Origin { get; private init; }

    public static BearerDecision Accept(TokenClaims claims) => new() { Claims = claims, Origin = TokenOrigin.Own };

    public static BearerDecision Refuse(Problem problem, TokenOrigin origin) => new() { Problem = problem, Origin = origin };
}

/// <summary>
/// Whose a refused token says it is, unverified: where several schemes refuse one token, the client is told what the scheme of its issuer says. The higher
/// one wins.
/// </summary>
internal enum TokenOrigin
{
    /// <summary>It names another issuer, or none.</summary>
    Foreign,

    /// <summary>The scheme can't tell.</summary>
    Unknown,

    /// <summary>It names the scheme's issuer.</summary>
    Own,
}
