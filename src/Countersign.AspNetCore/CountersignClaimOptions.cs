namespace Countersign.AspNetCore;

/// <summary>
/// Which data of an account its access tokens carry, besides the id and the roles. Everything is readable by whoever has the token. For other claims see
/// <see cref="IAccessTokenClaims{TUser}"/>.
/// </summary>
/// <remarks>
/// When such data changes through <c>UserManager</c> or <c>RoleManager</c>, the account's access tokens are stale at once. With <see cref="UserClaims"/>,
/// <see cref="RoleClaims"/> or <see cref="UseClaimsPrincipalFactory"/> a refresh loads the account through Identity, with some queries more.
/// </remarks>
public sealed class CountersignClaimOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignOptions.SectionName}:Claims";

    /// <summary>
    /// The claim <c>name</c>: the account's user name. True by default, so that <c>User.Identity.Name</c> is what it is with Identity's own sign-in; false in
    /// the server. Without the claim, <c>User.Identity.Name</c> is the account's id.
    /// </summary>
    public bool Name { get; set; } = true;

    /// <summary>The claims <c>email</c> and <c>email_verified</c> (OpenID Connect Core §5.1). False by default.</summary>
    public bool Email { get; set; }

    /// <summary>The claims that Identity stores for the account (<c>UserManager.AddClaimAsync</c>), under their own types. False by default.</summary>
    public bool UserClaims { get; set; }

    /// <summary>
    /// The claims that Identity stores for the account's roles (<c>RoleManager.AddClaimAsync</c>), under their own types. False by default. It needs
    /// roles that were added before <c>AddCountersign</c>; otherwise the start fails.
    /// </summary>
    public bool RoleClaims { get; set; }

    /// <summary>
    /// All claims of the app's <c>IUserClaimsPrincipalFactory</c>, under their own types, except Identity's own: id, user name, e-mail address, roles and
    /// security stamp. False by default. It includes the claims that Identity stores.
    /// </summary>
    public bool UseClaimsPrincipalFactory { get; set; }
}
