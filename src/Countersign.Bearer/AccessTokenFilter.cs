using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// A last look at a token that has validated, by a service that knows more than its keys: one with sessions of its own refuses tokens that name none.
/// A resource server registers none.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="claims">What the token says.</param>
/// <returns>Null to let it through.</returns>
internal delegate ValueTask<Problem?> AccessTokenFilter(HttpContext context, TokenClaims claims);
