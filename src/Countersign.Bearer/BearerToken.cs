using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// The access token that authenticated the request, as a feature of the request: <c>context.Features.Get&lt;BearerToken&gt;()</c>. The feature does not exist
/// before the scheme has run, or if the scheme refused the token.
/// </summary>
public sealed class BearerToken
{
    internal BearerToken(TokenClaims claims, string scheme)
    {
        Claims = claims;
        Scheme = scheme;
    }

    /// <summary>What the verified token says, under the token's own names. A claims transformation changes the principal, and does not change this.</summary>
    public TokenClaims Claims { get; }

    /// <summary>
    /// The name of the scheme that accepted the token. If an app has several authorities, it tells which issuer's subject <see cref="TokenClaims.Subject"/> is:
    /// two issuers may use the same subject for two people.
    /// </summary>
    public string Scheme { get; }

    /// <summary>
    /// The token that the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> accepted. Null if another scheme accepted it; subjects of that
    /// scheme are not accounts of this app.
    /// </summary>
    internal static BearerToken? FindOwn(HttpContext context) =>
        context.Features.Get<BearerToken>() is { Scheme: CountersignBearerDefaults.AuthenticationScheme } token ? token : null;
}
