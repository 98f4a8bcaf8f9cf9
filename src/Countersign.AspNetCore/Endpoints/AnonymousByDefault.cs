using Countersign.Bearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Allows anonymous requests in spite of the app's fallback policy, until the app itself requires authorization on the route or on a group around it. The
/// framework's <c>AllowAnonymous</c> would override both, without a word.
/// </summary>
internal sealed class AnonymousByDefault : IAllowAnonymous
{
    public static readonly AnonymousByDefault Instance = new();

    private AnonymousByDefault()
    {
    }
}

internal static class AnonymousByDefaultConventions
{
    /// <summary>Marks a route, or each route of a group.</summary>
    public static TBuilder AllowAnonymousByDefault<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(static builder => builder.Metadata.Add(AnonymousByDefault.Instance));

        // This runs last, after the conventions of all groups around the route.
        route.Finally(static builder =>
        {
            if (builder.Metadata.Any(RouteAuthorization.Is))
            {
                builder.Metadata.Remove(AnonymousByDefault.Instance);
            }
        });
        return route;
    }
}
