using System.Security.Claims;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace ExternalLogin;

/// <summary>Turns the login at a provider into a session of this app.</summary>
public static class ExternalLogins
{
    public const string Provider = "Provider";
    public const string Cookie = "ExternalLogin";

    /// <summary>The page calls it after the provider has sent the browser back.</summary>
    public static async Task<IResult> LogInAsync(HttpContext context, UserManager<AppUser> users, SessionService sessions)
    {
        if (await TakeAsync(context) is not { } person)
        {
            return Refuse(401, "external_login_missing");
        }

        var user = await users.FindByLoginAsync(Provider, person.Subject);
        if (user is null)
        {
            if (person.Email is null)
            {
                return Refuse(403, "email_unverified");
            }

            // Never link by address: whoever controls the address at the provider would get this account.
            if (await users.FindByEmailAsync(person.Email) is not null)
            {
                return Refuse(409, "account_exists");
            }

            user = new AppUser { UserName = person.Email, Email = person.Email, EmailConfirmed = true };
            var created = await users.CreateAsync(user);
            if (!created.Succeeded || !(created = await users.AddLoginAsync(user, new UserLoginInfo(Provider, person.Subject, Provider))).Succeeded)
            {
                return Refuse(400, created.Errors.First().Code);
            }
        }

        // The checks of every login: locked, banned, unconfirmed, second factor.
        var started = await sessions.StartAsync(user.Id, new SignInContext
        {
            Methods = ["fed", .. person.Methods],
            UserAgent = context.Request.Headers.UserAgent,
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
        });
        if (!started.TryGetTokens(out var tokens, out var error))
        {
            return Refuse(403, error.Value.ToCode());
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { access_token = tokens.AccessToken, refresh_token = tokens.RefreshToken, token_type = "Bearer" });
    }

    /// <summary>Links the provider to the account that is logged in, so that both ways lead to it.</summary>
    public static async Task<IResult> LinkAsync(CurrentUser<AppUser> user, HttpContext context, UserManager<AppUser> users)
    {
        if (await TakeAsync(context) is not { } person)
        {
            return Refuse(401, "external_login_missing");
        }

        var linked = await users.AddLoginAsync(user.Account, new UserLoginInfo(Provider, person.Subject, Provider));
        return linked.Succeeded ? Results.NoContent() : Refuse(409, "login_taken");
    }

    /// <summary>Reads the provider's result, once: the cookie is deleted.</summary>
    private static async Task<ExternalPerson?> TakeAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(Cookie);
        if (!result.Succeeded || result.Principal.FindFirstValue("sub") is not { } subject)
        {
            return null;
        }

        await context.SignOutAsync(Cookie);
        var isVerified = result.Principal.FindFirstValue("email_verified") is "true" or "True";
        return new ExternalPerson(
            subject,
            isVerified ? result.Principal.FindFirstValue("email") : null,
            [.. result.Principal.FindAll("amr").Select(static method => method.Value)]);
    }

    private static IResult Refuse(int status, string code) =>
        Results.Problem(statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    private sealed record ExternalPerson(string Subject, string? Email, string[] Methods);
}
