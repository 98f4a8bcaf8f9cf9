using System.Globalization;
using System.Security.Claims;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ExternalLogin;

/// <summary>Turns the login at a provider into a session of this app.</summary>
public static class ExternalLogins
{
    public const string Provider = "Provider";
    public const string Cookie = "ExternalLogin";

    // What a provider may say of second factors (RFC 8176). Its password is none of this app.
    private static readonly HashSet<string> SecondFactors = ["mfa", "otp", "hwk", "swk", "sc", "sms", "tel"];

    /// <summary>The page calls it after the provider has sent the browser back.</summary>
    public static async Task<IResult> LogInAsync(HttpContext context, UserManager<AppUser> users, AppDbContext database, SessionService sessions)
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

            // Never link by address: a person who has this address at the provider would get the account.
            if (await users.Users.AnyAsync(other => other.NormalizedEmail == users.NormalizeEmail(person.Email)))
            {
                return Refuse(409, "account_exists");
            }

            // Both or neither: an account without password and link could never be used.
            await using var transaction = await database.Database.BeginTransactionAsync();
            user = new AppUser { UserName = person.Email, Email = person.Email, EmailConfirmed = true };
            var created = await users.CreateAsync(user);
            if (!created.Succeeded || !(created = await users.AddLoginAsync(user, new UserLoginInfo(Provider, person.Subject, Provider))).Succeeded)
            {
                return Refuse(400, created.Errors.First().Code);
            }

            await transaction.CommitAsync();
        }

        // The checks of every login: locked, banned, unconfirmed, second factor.
        var started = await sessions.StartAsync(user.Id, new SignInContext
        {
            Methods = ["fed", .. person.Methods],
            UserAgent = context.Request.Headers.UserAgent,
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
        });
        return started.ToResult();
    }

    /// <summary>Links the provider to the account that is logged in, so that both ways lead to it.</summary>
    public static async Task<IResult> LinkAsync(
        CurrentUser<AppUser> user, ClaimsPrincipal principal, HttpContext context, UserManager<AppUser> users, TimeProvider time)
    {
        // A link is a further way in for good. A stolen access token must not be enough.
        if (time.GetUtcNow().ToUnixTimeSeconds() - long.Parse(principal.FindFirstValue("auth_time") ?? "0", CultureInfo.InvariantCulture) > 600)
        {
            return Refuse(403, "login_too_old");
        }

        if (await TakeAsync(context) is not { } person)
        {
            return Refuse(401, "external_login_missing");
        }

        var linked = await users.AddLoginAsync(user.Account, new UserLoginInfo(Provider, person.Subject, Provider));
        return linked.Succeeded ? Results.NoContent() : Refuse(409, "login_taken");
    }

    /// <summary>Takes the link away, unless it is the only way to log in.</summary>
    public static async Task<IResult> UnlinkAsync(CurrentUser<AppUser> user, UserManager<AppUser> users)
    {
        if (!await users.HasPasswordAsync(user.Account))
        {
            return Refuse(409, "last_sign_in_method");
        }

        foreach (var login in await users.GetLoginsAsync(user.Account))
        {
            await users.RemoveLoginAsync(user.Account, login.LoginProvider, login.ProviderKey);
        }

        return Results.NoContent();
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
            [.. result.Principal.FindAll("amr").Select(static method => method.Value).Where(SecondFactors.Contains)]);
    }

    private static IResult Refuse(int status, string code) =>
        Results.Problem(statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    private sealed record ExternalPerson(string Subject, string? Email, string[] Methods);
}
