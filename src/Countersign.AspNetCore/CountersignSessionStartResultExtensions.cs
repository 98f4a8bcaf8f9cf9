using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Wire.Responses;
using Countersign.Bearer.Problems;
using Countersign.Sessions;

namespace Microsoft.AspNetCore.Http;

/// <summary>Answers a login of the app's own, such as one at another provider, as <c>POST /auth/login</c> does.</summary>
public static class CountersignSessionStartResultExtensions
{
    /// <summary>
    /// Makes the answer: 200 with the pair (<c>access_token</c>, <c>token_type</c>, <c>expires_in</c>, <c>refresh_token</c>, <c>refresh_generation</c>), which
    /// no cache stores, or the problem document of the reason, with the app's own words if one of its events has refused the login.
    /// </summary>
    /// <param name="started">The result of <see cref="SessionService.StartAsync"/>.</param>
    public static IResult ToResult(this SessionStartResult started) =>
        started.TryGetTokens(out var tokens, out var error) ? new NoStoreJson<TokenResponse>(TokenResponse.Of(tokens))
        : started.Refusal is { } refusal ? new ProblemResult(EndpointProblems.Of(refusal))
        : new ProblemResult(EndpointProblems.Of(error.Value));
}
