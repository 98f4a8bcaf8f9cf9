using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// The access token that a request was authenticated with, as a feature of the request: <c>context.Features.Get&lt;BearerToken&gt;()</c>. There is none while
/// the scheme has not run, or where it refused.
/// </summary>
public sealed class BearerToken
{
    internal BearerToken(TokenClaims claims, string scheme)
    {
        Claims = claims;
        Scheme = scheme;
    }

    /// <summary>What the token says, verified and named as in the token. A claims transformation changes the principal and never this.</summary>
    public TokenClaims Claims { get; }

    /// <summary>
    /// The name of the scheme that accepted it. In an app with several authorities it says whose subject <see cref="TokenClaims.Subject"/> is: two issuers may
    /// name two people alike.
    /// </summary>
    public string Scheme { get; }

    /// <summary>
    /// The token that the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> accepted; null where it was another scheme, whose subjects are
    /// not this app's accounts.
    /// </summary>
    internal static BearerToken? FindOwn(HttpContext context) =>
        context.Features.Get<BearerToken>() is { Scheme: CountersignBearerDefaults.AuthenticationScheme } token ? token : null;
}
