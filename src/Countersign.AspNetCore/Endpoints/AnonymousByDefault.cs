using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Lets anonymous requests in, past a fallback policy of the app, until the app itself asks for authorization on the route or on a group around it. The
/// framework's
/// <c>AllowAnonymous</c> would win over both.
/// </summary>
internal sealed class AnonymousByDefault : IAllowAnonymous
{
    private static readonly AnonymousByDefault Instance = new();

    private AnonymousByDefault()
    {
    }

    /// <summary>Marks a route.</summary>
    public static void Mark(IEndpointConventionBuilder route)
    {
        route.Add(static builder => builder.Metadata.Add(Instance));

        // Last, when the conventions of all groups around the route have run.
        route.Finally(static builder =>
        {
            if (builder.Metadata.Any(static one => one is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData))
            {
                builder.Metadata.Remove(Instance);
            }
        });
    }
}
