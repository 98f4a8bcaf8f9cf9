using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Mvc;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore;

/// <summary>
/// The account that sent the request, loaded from the database: <c>app.MapGet("/todos", (CurrentUser&lt;AppUser> user) => …)</c>. The parameter requires the
/// login, and costs one query. Actions of controllers and handlers of Razor pages can take it too.
/// </summary>
/// <remarks>
/// The app's own <c>UserManager</c> loads the account in the request's scope, so the endpoint can change and save it. A request is refused before the endpoint
/// runs: with 401 if it has no good token of the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> or the account no longer exists, with 400
/// if the account is inactive, with 503 if the database can't be reached.
/// </remarks>
/// <typeparam name="TUser">The user type that the app gave to <c>AddCountersign</c>.</typeparam>
[RequestUserBinder]
public sealed class CurrentUser<TUser> : IBindableFromHttpContext<CurrentUser<TUser>>, IEndpointParameterMetadataProvider, IRequestUser<CurrentUser<TUser>>
    where TUser : class
{
    private readonly TokenClaims _claims;

    private CurrentUser(TokenClaims claims, TUser account)
    {
        _claims = claims;
        Account = account;
    }

    /// <summary>The account, as it is in the database.</summary>
    public TUser Account { get; }

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
    static AuthorizationPolicy IRequestUser<CurrentUser<TUser>>.Policy => AccountRequirement<TUser>.Policy;

    /// <inheritdoc />
    static CurrentUser<TUser>? IRequestUser<CurrentUser<TUser>>.Find(HttpContext context) => Find(context);

    /// <summary>Passes the loaded account to the endpoint. The framework calls it.</summary>
    /// <returns>Null only if the endpoint allows anonymous requests.</returns>
    /// <exception cref="InvalidOperationException">The app runs this endpoint without authorization.</exception>
    static ValueTask<CurrentUser<TUser>?> IBindableFromHttpContext<CurrentUser<TUser>>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(Find(context));

    /// <summary>Requires the login and loads the account. The framework calls it.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        LoginRequirement.Require(builder, AccountRequirement<TUser>.Policy);
        builder.AddProblems(BearerProblems.AccountUnknown, BearerProblems.AccountInactive, Outage.Problem);
    }

    private static CurrentUser<TUser>? Find(HttpContext context) =>
        LoginRequirement.FindClaims(context) is { } claims && AccountRequirement<TUser>.Find(context) is { } account
            ? new CurrentUser<TUser>(claims, account)
            : null;
}
