using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Maps routes that read a body.</summary>
internal static class BodyRoutes
{
    /// <summary>
    /// Maps a handler twice: once with the content types that it takes, for requests of those and for whoever describes routes, and once without. Routing
    /// itself answers 415, with no problem document and before authorization, where every endpoint of a route says what it takes; the second leaves that to
    /// the handler.
    /// </summary>
    /// <returns>Both, so that what is added to one is added to the other.</returns>
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
