using System.Reflection;
using System.Security.Claims;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Mvc;
using Countersign.Bearer;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore;

/// <summary>
/// The account that sent the request, as a parameter of an endpoint: <c>app.MapGet("/todos", (CurrentUser user) => …)</c>. The parameter itself requires the
/// login. It costs no query, because it is read from the access token. Actions of controllers and handlers of Razor pages can take it too. Hubs call
/// <c>Context.GetCurrentUser()</c>.
/// </summary>
/// <remarks>
/// A request without a good token of the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> is refused before the endpoint runs: with 401, or
/// with 400 if the account is inactive. A nullable parameter requires the login all the same.
/// </remarks>
[RequestUserBinder]
public sealed class CurrentUser : IBindableFromHttpContext<CurrentUser>, IEndpointParameterMetadataProvider, IRequestUser<CurrentUser>
{
    private readonly TokenClaims _claims;

    private CurrentUser(TokenClaims claims) => _claims = claims;

    /// <summary>The account's id, the claim <c>sub</c>.</summary>
    public string UserId => _claims.Subject;

    /// <summary>The session's id, the claim <c>sid</c>; null if the token belongs to no session, which the app must allow.</summary>
    public Guid? SessionId => _claims.SessionId;

    /// <summary>The names of the roles that the account had when the token was issued, the claim <c>roles</c>; empty if it had none.</summary>
    public IReadOnlyList<string> Roles => _claims.Roles;

    /// <summary>Whether the account had a role when the token was issued.</summary>
    /// <param name="role">The role's name, compared ordinally.</param>
    public bool IsInRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <inheritdoc />
    static AuthorizationPolicy IRequestUser<CurrentUser>.Policy => LoginRequirement.Policy;

    /// <inheritdoc />
    static CurrentUser? IRequestUser<CurrentUser>.Find(HttpContext context) => Find(context);

    /// <summary>Finds the user of a connection that outlives its request.</summary>
    /// <param name="context">The request that opened it; null if there is none. That of a long poll knows only the principal.</param>
    /// <param name="principal">The principal, which a claims transformation of the app may have replaced.</param>
    /// <returns>Null if the connection was opened without a good token of the app's own scheme.</returns>
    internal static CurrentUser? Find(HttpContext? context, ClaimsPrincipal? principal) =>
        ((context is null ? null : BearerToken.FindOwn(context)?.Claims) ?? BearerIdentity.FindOwn(principal)) is { } claims ? new CurrentUser(claims) : null;

    /// <summary>Passes the authenticated user to the endpoint. The framework calls it.</summary>
    /// <returns>Null only if the endpoint allows anonymous requests and the request has no good token.</returns>
    /// <exception cref="InvalidOperationException">The app runs this endpoint without authorization.</exception>
    static ValueTask<CurrentUser?> IBindableFromHttpContext<CurrentUser>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(Find(context));

    /// <summary>Requires the login. The framework calls it.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        LoginRequirement.Require(builder, LoginRequirement.Policy);

    private static CurrentUser? Find(HttpContext context) => LoginRequirement.FindClaims(context) is { } claims ? new CurrentUser(claims) : null;
}
