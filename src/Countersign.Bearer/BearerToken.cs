using Countersign.Tokens;

namespace Countersign.Bearer;

/// <summary>
/// The access token that a request was authenticated with, as a feature of the request: <c>context.Features.Get&lt;BearerToken&gt;()</c>. There is none while the
/// scheme has not run, or where it refused.
/// </summary>
public sealed class BearerToken
{
    internal BearerToken(TokenClaims claims) => Claims = claims;

    /// <summary>What the token says, verified and named as in the token. A claims transformation changes the principal and never this.</summary>
    public TokenClaims Claims { get; }
}
