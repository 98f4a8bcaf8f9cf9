using Countersign.AspNetCore.Identity;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Requires that the token's account exists and may be used, and loads it for the endpoint.</summary>
internal sealed class AccountRequirement<TUser> : AuthorizationHandler<AccountRequirement<TUser>>, IAuthorizationRequirement
    where TUser : class
{
    /// <summary>The policy of every endpoint that takes a <see cref="CurrentUser{TUser}"/>.</summary>
    public static AuthorizationPolicy Policy { get; } = LoginRequirement.Build(new AccountRequirement<TUser>());

    /// <summary>The account that was loaded.</summary>
    /// <returns>Null if the endpoint allows anonymous requests; then no account was loaded.</returns>
    /// <exception cref="InvalidOperationException">No account was loaded, because the endpoint ran without authorization.</exception>
    public static TUser? Find(HttpContext context)
    {
        if (context.Features.Get<LoadedAccount>() is { } loaded)
        {
            return loaded.Account;
        }

        return LoginRequirement.IsAnonymousAllowed(context)
            ? null
            : throw new InvalidOperationException(
                "The endpoint requires an account, but ran without authorization: "
                + "call app.UseAuthentication() and app.UseAuthorization() between routing and the endpoints.");
    }

    /// <inheritdoc />
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccountRequirement<TUser> requirement)
    {
        if (context.Resource is not HttpContext http || BearerToken.FindOwn(http) is not { } token)
        {
            return;
        }

        if (await LoadAsync(http, token.Claims.Subject).ConfigureAwait(false) is { } problem)
        {
            LoginRequirement.Refuse(context, http, problem);
        }
        else
        {
            context.Succeed(requirement);
        }
    }

    private static async Task<Problem?> LoadAsync(HttpContext http, string userId)
    {
        var accounts = http.RequestServices.GetRequiredService<IAccountEditor>();
        (object Account, bool MayBeUsed)? found;
        try
        {
            found = await accounts.LoadAsync(http.RequestServices, userId, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (Outage.Is(exception, out var retryAfter))
        {
            EndpointLog.Unavailable(http.RequestServices.GetRequiredService<ILogger<OutageFilter>>(), http.Request.Path, exception);
            return BearerProblems.Unavailable(retryAfter);
        }

        if (found is not { } loaded)
        {
            return BearerProblems.AccountUnknown;
        }

        if (loaded.Account is not TUser account)
        {
            throw new InvalidOperationException(
                $"The app's accounts are of type {loaded.Account.GetType().Name}, but the endpoint takes {typeof(TUser).Name}. "
                + $"Take CurrentUser<{loaded.Account.GetType().Name}> in the endpoint.");
        }

        if (!loaded.MayBeUsed)
        {
            return BearerProblems.AccountInactive;
        }

        http.Features.Set(new LoadedAccount(account));
        return null;
    }

    private sealed record LoadedAccount(TUser Account);
}
