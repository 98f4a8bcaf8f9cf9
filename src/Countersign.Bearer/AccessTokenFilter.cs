using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// A last check of a valid token, for a service that knows more than the keys. A service with sessions refuses tokens that name no session. A resource server
/// registers no filter.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="claims">What the token says.</param>
/// <returns>Null to accept the token.</returns>
internal delegate ValueTask<Problem?> AccessTokenFilter(HttpContext context, TokenClaims claims);
