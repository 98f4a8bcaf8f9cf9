using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Maps routes that read a body.</summary>
internal static class BodyRoutes
{
    /// <summary>
    /// Maps a handler twice: once with its content types, for requests with those types and for descriptions of routes, and once without. If every endpoint of
    /// a route had content types, routing itself would answer 415, before authorization and without a problem document. The second endpoint leaves that to the
    /// handler.
    /// </summary>
    /// <returns>Both endpoints. A convention that is added to the result is added to both.</returns>
    public static IEndpointConventionBuilder MapBody(this IEndpointRouteBuilder routes, string method, string pattern, Delegate handler)
    {
        var declared = routes.MapMethods(pattern, [method], handler);
        var undeclared = routes.MapMethods(pattern, [method], handler).ExcludeFromDescription();
        undeclared.Finally(static builder =>
        {
            for (var index = builder.Metadata.Count - 1; index >= 0; index--)
            {
                if (builder.Metadata[index] is IAcceptsMetadata)
                {
                    builder.Metadata.RemoveAt(index);
                }
            }
        });
        return new JointConventionBuilder(declared, undeclared);
    }
}
