using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Countersign.Peers.OpenIddictServer;

/// <summary>The token endpoint in pass-through mode. It decides who can log in with a password, and who may still refresh.</summary>
internal static class TokenEndpoint
{
    // Without a destination the claim is only in refresh tokens, which are encrypted.
    private const string SecurityStamp = "security_stamp";

    public static async Task<IResult> ExchangeAsync(HttpContext context, UserManager<IdentityUser> users, SignInManager<IdentityUser> signIn)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("There is no OpenIddict request.");
        if (request.IsPasswordGrantType())
        {
            var user = await users.FindByNameAsync(request.Username ?? string.Empty);
            return user is null || !(await signIn.CheckPasswordSignInAsync(user, request.Password ?? string.Empty, lockoutOnFailure: true)).Succeeded
                ? Refuse("The user name or the password is wrong.")
                : await SignInAsync(users, user, request.GetScopes());
        }

        if (request.IsRefreshTokenGrantType())
        {
            // The claims of the refresh token. OpenIddict has checked the token by now.
            var held = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
            var user = await users.FindByIdAsync(held.GetClaim(Claims.Subject) ?? string.Empty);
            if (user is null || !await signIn.CanSignInAsync(user) || held.GetClaim(SecurityStamp) != await users.GetSecurityStampAsync(user))
            {
                return Refuse("The account may not sign in, or its password has changed.");
            }

            // Copy the stamp of the token, not the current one of the account: then a password change in between ends the new token too.
            held.SetDestinations(Destination);
            return Results.SignIn(held, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }

        throw new InvalidOperationException("The grant type is not allowed.");
    }

    private static async Task<IResult> SignInAsync(UserManager<IdentityUser> users, IdentityUser user, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("password", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Id)
            .SetClaim(Claims.Name, user.UserName)
            .SetClaim(SecurityStamp, await users.GetSecurityStampAsync(user));
        identity.SetScopes(scopes);
        identity.SetDestinations(Destination);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IEnumerable<string> Destination(Claim claim) => claim.Type == SecurityStamp ? [] : [Destinations.AccessToken];

    private static IResult Refuse(string why) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
