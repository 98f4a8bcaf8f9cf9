using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Countersign.Peers.OpenIddictServer;

internal sealed record Registration(string Email, string Password);

internal sealed record PasswordChange(string OldPassword, string NewPassword);

/// <summary>
/// What OpenIddict leaves to the application, with the strongest means that it offers: a chain of tokens ends when its authorization is revoked.
/// </summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this WebApplication app)
    {
        var scheme = new AuthorizeAttribute { AuthenticationSchemes = OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme };
        app.MapPost("/register", RegisterAsync);
        app.MapGet("/me", (ClaimsPrincipal user) => user.GetClaim(Claims.Name)).RequireAuthorization(scheme);
        app.MapPost("/logout", LogOutAsync).RequireAuthorization(scheme);
        app.MapPost("/password", ChangePasswordAsync).RequireAuthorization(scheme);
    }

    private static async Task<IResult> RegisterAsync(Registration registration, UserManager<IdentityUser> users) =>
        (await users.CreateAsync(new IdentityUser(registration.Email) { Email = registration.Email }, registration.Password)).Succeeded
            ? Results.Ok()
            : Results.BadRequest();

    private static async Task<IResult> LogOutAsync(
        ClaimsPrincipal user, IOpenIddictAuthorizationManager authorizations, IOpenIddictTokenManager tokens, CancellationToken cancellationToken)
    {
        if (user.GetAuthorizationId() is not { } id || await authorizations.FindByIdAsync(id, cancellationToken) is not { } authorization)
        {
            return Results.BadRequest();
        }

        bool revoked = await authorizations.TryRevokeAsync(authorization, cancellationToken);
        await tokens.RevokeByAuthorizationIdAsync(id, cancellationToken);
        return revoked ? Results.NoContent() : Results.Conflict();
    }

    private static async Task<IResult> ChangePasswordAsync(
        PasswordChange change, ClaimsPrincipal user, UserManager<IdentityUser> users, IOpenIddictAuthorizationManager authorizations,
        IOpenIddictTokenManager tokens, CancellationToken cancellationToken)
    {
        string subject = user.GetClaim(Claims.Subject)!;
        if (await users.FindByIdAsync(subject) is not { } account
            || !(await users.ChangePasswordAsync(account, change.OldPassword, change.NewPassword)).Succeeded)
        {
            return Results.BadRequest();
        }

        await authorizations.RevokeBySubjectAsync(subject, cancellationToken);
        await tokens.RevokeBySubjectAsync(subject, cancellationToken);
        return Results.NoContent();
    }
}
