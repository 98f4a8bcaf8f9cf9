using Countersign.AspNetCore.Wire;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Requires a token of ours, not just any login: an endpoint can have policies with other schemes beside this one, and a cookie must not stand in for the
/// token.
/// </summary>
internal sealed class LoginRequirement : IAuthorizationRequirement, IAuthorizationHandler
{
    /// <summary>The policy of every endpoint that takes a <see cref="CurrentUser"/>.</summary>
    public static AuthorizationPolicy Policy { get; } = Build();

    /// <summary>Adds a policy to an endpoint, and says what it may answer.</summary>
    public static void Require(EndpointBuilder builder, AuthorizationPolicy policy)
    {
        builder.Metadata.Add(policy);
        builder.AddProblems(BearerProblems.OfTokens);
    }

    /// <summary>The policy, with more requirements.</summary>
    public static AuthorizationPolicy Build(params IAuthorizationRequirement[] more) =>
        new AuthorizationPolicyBuilder(CountersignBearerDefaults.AuthenticationScheme)
            .AddRequirements([new LoginRequirement(), .. more])
            .Build();

    /// <summary>The claims of the request's token.</summary>
    /// <returns>Null where the endpoint allows anonymous requests and there is no good token.</returns>
    /// <exception cref="InvalidOperationException">There is no token, and nothing has refused the request for that.</exception>
    public static TokenClaims? FindClaims(HttpContext context)
    {
        if (BearerToken.FindOwn(context) is { } token)
        {
            return token.Claims;
        }

        return IsAnonymousAllowed(context) ? null : throw new InvalidOperationException(
            "The endpoint requires a login and ran without authorization: call app.UseAuthentication() and app.UseAuthorization() between routing and the endpoints.");
    }

    /// <summary>Whether the endpoint switches authorization off.</summary>
    public static bool IsAnonymousAllowed(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>Fails an authorization, and leaves what the scheme is to answer.</summary>
    public static void Refuse(AuthorizationHandlerContext authorization, HttpContext context, Problem problem)
    {
        context.Features.Set(new ProblemFeature(problem));
        authorization.Fail();
    }

    /// <inheritdoc />
    /// <remarks>
    /// For this requirement alone: the platform calls each requirement that is its own handler. It also asks what <c>RequireAuthenticatedUser</c> asks, because
    /// each further requirement makes every request dearer.
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
            // A transformation of the app may have taken every identity away: then this fails, as it does for RequireAuthenticatedUser.
            context.Succeed(this);
        }

        return Task.CompletedTask;
    }
}
