using Countersign.AspNetCore.Wire;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Requires a token of Countersign, not just any login: an endpoint can have policies with other schemes too, and a cookie must not replace the token.
/// </summary>
internal sealed class LoginRequirement : IAuthorizationRequirement, IAuthorizationHandler
{
    /// <summary>The policy of every endpoint that takes a <see cref="CurrentUser"/>.</summary>
    public static AuthorizationPolicy Policy { get; } = Build();

    /// <summary>Adds a policy to an endpoint, and describes its problems.</summary>
    public static void Require(EndpointBuilder builder, AuthorizationPolicy policy)
    {
        builder.Metadata.Add(policy);
        builder.AddProblems(BearerProblems.OfTokens);
    }

    /// <summary>Makes the policy, with further requirements.</summary>
    public static AuthorizationPolicy Build(params IAuthorizationRequirement[] more) =>
        new AuthorizationPolicyBuilder(CountersignBearerDefaults.AuthenticationScheme)
            .AddRequirements([new LoginRequirement(), .. more])
            .Build();

    /// <summary>The claims of the request's token.</summary>
    /// <returns>Null where the endpoint allows anonymous requests and there is no good token.</returns>
    /// <exception cref="InvalidOperationException">There is no token, because the endpoint ran without authorization.</exception>
    public static TokenClaims? FindClaims(HttpContext context)
    {
        if (BearerToken.FindOwn(context) is { } token)
        {
            return token.Claims;
        }

        return IsAnonymousAllowed(context) ? null : throw new InvalidOperationException(
            "The endpoint requires a login, but ran without authorization: "
            + "call app.UseAuthentication() and app.UseAuthorization() between routing and the endpoints.");
    }

    /// <summary>Whether the endpoint allows anonymous requests.</summary>
    public static bool IsAnonymousAllowed(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>Fails an authorization, and stores the problem that the scheme answers with.</summary>
    public static void Refuse(AuthorizationHandlerContext authorization, HttpContext context, Problem problem)
    {
        context.Features.Set(new ProblemFeature(problem));
        authorization.Fail();
    }

    /// <inheritdoc />
    /// <remarks>
    /// Handles only this requirement: the platform calls each requirement that is its own handler. It also checks what <c>RequireAuthenticatedUser</c> checks,
    /// because each further requirement makes every request more expensive.
    /// </remarks>
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Resource is not HttpContext http)
        {
            return Task.CompletedTask;
        }

        if (BearerToken.FindOwn(http) is null)
        {
            Refuse(context, http, BearerProblems.NoCredential);
        }
        else if (context.User.Identities.Any(static identity => identity.IsAuthenticated))
        {
            // The app's claims transformation may have removed every identity: then this fails, as RequireAuthenticatedUser would.
            context.Succeed(this);
        }

        return Task.CompletedTask;
    }
}
