using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore;

/// <summary>
/// Who sent the request, with the account itself: <c>app.MapGet("/todos", (CurrentUser&lt;AppUser> user) => …)</c>. The parameter requires the login, and costs
/// one query.
/// </summary>
/// <remarks>
/// The account is loaded in the request's scope, by the app's own <c>UserManager</c>, so it can be changed and saved. Refused before the endpoint runs: 401
/// where there is no good token of the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> or the account is gone, 400 where it is inactive,
/// 503 where the database can't be reached.
/// </remarks>
/// <typeparam name="TUser">The user type that the app has given to <c>AddCountersign</c>.</typeparam>
public sealed class CurrentUser<TUser> : IBindableFromHttpContext<CurrentUser<TUser>>, IEndpointParameterMetadataProvider
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

    /// <summary>The session, the claim <c>sid</c>; null where the app takes tokens that belong to none.</summary>
    public Guid? SessionId => _claims.SessionId;

    /// <summary>The names of the account's roles when the token was issued, the claim <c>roles</c>; empty if it has none.</summary>
    public IReadOnlyList<string> Roles => _claims.Roles;

    /// <summary>Whether the account had a role when the token was issued.</summary>
    /// <param name="role">The role's name, compared ordinally.</param>
    public bool IsInRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>Hands over what was loaded; for the framework.</summary>
    /// <returns>Null only where the endpoint allows anonymous requests.</returns>
    /// <exception cref="InvalidOperationException">The app runs this endpoint without authorization.</exception>
    static ValueTask<CurrentUser<TUser>?> IBindableFromHttpContext<CurrentUser<TUser>>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(
            LoginRequirement.FindClaims(context) is { } claims && AccountRequirement<TUser>.Find(context) is { } account
                ? new CurrentUser<TUser>(claims, account)
                : null);

    /// <summary>Requires the login and loads the account; for the framework.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        LoginRequirement.Require(builder, AccountRequirement<TUser>.Policy);
        builder.AddProblems(BearerProblems.AccountUnknown, BearerProblems.AccountInactive, Outage.Problem);
    }
}
