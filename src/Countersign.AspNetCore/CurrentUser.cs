using System.Reflection;
using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer;
using Countersign.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore;

/// <summary>
/// Who sent the request, as a parameter of an endpoint: <c>app.MapGet("/todos", (CurrentUser user) => …)</c>. The parameter itself requires the login, and
/// costs no query: it is what the access token says.
/// </summary>
/// <remarks>
/// Requests without a good token of the scheme <see cref="CountersignBearerDefaults.AuthenticationScheme"/> are refused before the endpoint runs: 401, or 400
/// where the account is inactive. A parameter that may be null requires the login all the same.
/// </remarks>
public sealed class CurrentUser : IBindableFromHttpContext<CurrentUser>, IEndpointParameterMetadataProvider
{
    private readonly TokenClaims _claims;

    private CurrentUser(TokenClaims claims) => _claims = claims;

    /// <summary>The account's id, the claim <c>sub</c>.</summary>
    public string UserId => _claims.Subject;

    /// <summary>The session, the claim <c>sid</c>; null where the app takes tokens that belong to none.</summary>
    public Guid? SessionId => _claims.SessionId;

    /// <summary>The names of the account's roles when the token was issued, the claim <c>roles</c>; empty if it has none.</summary>
    public IReadOnlyList<string> Roles => _claims.Roles;

    /// <summary>Whether the account had a role when the token was issued.</summary>
    /// <param name="role">The role's name, compared ordinally.</param>
    public bool IsInRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>Hands over what was authenticated; for the framework.</summary>
    /// <returns>Null only where the endpoint allows anonymous requests and there is no good token.</returns>
    /// <exception cref="InvalidOperationException">The app runs this endpoint without authorization.</exception>
    static ValueTask<CurrentUser?> IBindableFromHttpContext<CurrentUser>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(LoginRequirement.FindClaims(context) is { } claims ? new CurrentUser(claims) : null);

    /// <summary>Requires the login; for the framework.</summary>
    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        LoginRequirement.Require(builder, LoginRequirement.Policy);
}
