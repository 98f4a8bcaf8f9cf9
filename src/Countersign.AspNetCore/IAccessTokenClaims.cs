using Countersign.Tokens;

namespace Countersign.AspNetCore;

/// <summary>
/// Adds the app's own claims to access tokens, at each login and each refresh. Register it with <c>AddCountersign&lt;AppUser&gt;().AddAccessTokenClaims&lt;
/// TenantClaims&gt;()</c>. It is made for each call, with scoped services.
/// </summary>
/// <remarks>
/// A login asks twice, before and after it writes the session; a refresh asks once. While such a class is registered, each saved change of an account through
/// <c>UserManager</c> asks twice too, and makes the account's access tokens stale if the claims have changed. If the claims depend on anything else, the app
/// calls <see cref="Sessions.SessionService.ClaimsChangedAsync"/> when that changes. The same account must give the same claims, from current data and not
/// from a cache. If it throws, the login or the refresh fails, no new session is left, and the log names the class.
/// </remarks>
/// <typeparam name="TUser">The app's user type.</typeparam>
public interface IAccessTokenClaims<in TUser>
    where TUser : class
{
    /// <summary>
    /// The names of all claims that it may add. The names that Countersign writes itself (such as <c>sub</c> or <c>roles</c>), and names of another such class,
    /// stop the app's start.
    /// </summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Adds claims for an account. A claim that is not added is not in the token.</summary>
    /// <param name="user">The account, as it is in the database. Its related rows are not loaded, and changes to it are not saved.</param>
    /// <param name="claims">Gets the claims.</param>
    /// <param name="cancellationToken">Cancelled if the client is gone.</param>
    ValueTask AddAsync(TUser user, AccessTokenClaims claims, CancellationToken cancellationToken);
}

/// <summary>The claims that an <see cref="IAccessTokenClaims{TUser}"/> adds to one token.</summary>
public sealed class AccessTokenClaims
{
    private readonly IReadOnlyCollection<string> _names;
    private readonly IDictionary<string, ClaimValue> _claims;

    internal AccessTokenClaims(IReadOnlyCollection<string> names, IDictionary<string, ClaimValue> claims)
    {
        _names = names;
        _claims = claims;
    }

    /// <summary>Adds a claim. A claim of the same name that comes from Identity (<see cref="CountersignClaimOptions"/>) is replaced.</summary>
    /// <param name="name">One of <see cref="IAccessTokenClaims{TUser}.Names"/>.</param>
    /// <param name="value">The value: a text, a number, a Boolean, JSON, or an array of these.</param>
    /// <exception cref="ArgumentException">The name is not one of them, or the value is unset.</exception>
    public void Add(string name, ClaimValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_names.Contains(name, StringComparer.Ordinal))
        {
            throw new ArgumentException($"The claim \"{name}\" is not one of {nameof(IAccessTokenClaims<object>.Names)}.", nameof(name));
        }

        value.ThrowIfUnset(nameof(value));
        _claims[name] = value;
    }

    /// <summary>Returns the type's name, never the claims.</summary>
    public override string ToString() => nameof(AccessTokenClaims);
}
