using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// What a route is called in a description of the app, and so the method of a client that is generated from it. It is not the endpoint's own name, which must
/// be unique in the app: the app may map the same routes twice.
/// </summary>
/// <param name="Name">In camel case.</param>
internal sealed record OperationName(string Name);

/// <summary>Gives routes their names.</summary>
internal static class OperationNameConventions
{
    /// <summary>Names a route.</summary>
    public static TBuilder Named<TBuilder>(this TBuilder route, string name)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new OperationName(name));
}
