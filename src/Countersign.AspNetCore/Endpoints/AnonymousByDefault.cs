using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Allows anonymous requests in spite of the app's fallback policy, until the app itself requires authorization on the route or on a group around it. The
/// framework's <c>AllowAnonymous</c> would override both.
/// </summary>
internal sealed class AnonymousByDefault : IAllowAnonymous
{
    private static readonly AnonymousByDefault Instance = new();

    private AnonymousByDefault()
    {
    }

    public static void Mark(IEndpointConventionBuilder route)
    {
        route.Add(static builder => builder.Metadata.Add(Instance));

        // This runs last, after the conventions of all groups around the route.
        route.Finally(static builder =>
        {
            if (builder.Metadata.Any(static one => one is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData))
            {
                builder.Metadata.Remove(Instance);
            }
        });
    }
}
