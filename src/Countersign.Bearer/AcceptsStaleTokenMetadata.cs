using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>
/// Marks a route that needs only the session of an access token, such as a logout. It accepts a token whose roles and further claims are out of date
/// (<see cref="Tokens.TokenError.Stale"/>). A route that reads them must not have this mark. It has no
/// effect where the app has added a policy to the route.
/// </summary>
/// <param name="ownPolicy">The policy that the route has by itself. It asks only for a login. Null if it has none.</param>
internal sealed class AcceptsStaleTokenMetadata(AuthorizationPolicy? ownPolicy)
{
    /// <summary>Whether a route has the mark, and no authorization besides its own policy. Another one may decide by a role that was taken away.</summary>
    public static bool Holds(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<AcceptsStaleTokenMetadata>() is { } mark && metadata.All(one => !RouteAuthorization.Is(one) || mark.IsOwn(one));

    private bool IsOwn(object policy) => ReferenceEquals(policy, ownPolicy);
}
