using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Countersign.Bearer;

/// <summary>
/// The platform's handler, except for a refusal under a policy that names one of our schemes and others. The platform lets each scheme write its refusal in
/// turn. Ours writes a body, and a scheme that comes after it would fail, because the response has started. So ours comes last.
/// </summary>
internal sealed class BearerResultHandler(IAuthenticationSchemeProvider schemes) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _stock = new();

    /// <inheritdoc />
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(authorizeResult);
        return !authorizeResult.Succeeded && policy.AuthenticationSchemes.Count > 1
            ? RefuseAsync(next, context, policy, authorizeResult)
            : _stock.HandleAsync(next, context, policy, authorizeResult);
    }

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        List<string> ours = [];
        List<string> others = [];
        foreach (var name in policy.AuthenticationSchemes)
        {
            (await schemes.GetSchemeAsync(name).ConfigureAwait(false) is { } scheme && scheme.HandlerType == typeof(BearerHandler) ? ours : others).Add(name);
        }

        if (ours.Count == 0)
        {
            await _stock.HandleAsync(next, context, policy, result).ConfigureAwait(false);
            return;
        }

        foreach (var name in others)
        {
            await RefuseAsync(context, name, result).ConfigureAwait(false);
        }

        // A person who opens a page in a browser is sent to the login page. Every other client gets the problem document.
        if (others.Count > 0 && context.Response.StatusCode is >= 300 and < 400 && IsNavigation(context.Request))
        {
            return;
        }

        // The other schemes may have pointed to their login page, which is none of a 401.
        context.Response.Headers.Remove(HeaderNames.Location);

        // One answer is enough: if several of our schemes refused the token, each would write that of the token's issuer.
        await RefuseAsync(context, ours[0], result).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, string scheme, PolicyAuthorizationResult result) =>
        result.Challenged ? context.ChallengeAsync(scheme) : context.ForbidAsync(scheme);

    private static bool IsNavigation(HttpRequest request) =>
        request.Headers.Authorization.Count == 0
        && request.Headers.Accept.Any(static accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) is true);
}
