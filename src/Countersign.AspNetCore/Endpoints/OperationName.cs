using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// The name of a route in a description of the app; generated clients name their method like it. It is not the endpoint's own name, which must be unique in
/// the app: the app may map the same routes twice.
/// </summary>
/// <param name="Name">In camel case.</param>
internal sealed record OperationName(string Name);

internal static class OperationNameConventions
{
    public static TBuilder Named<TBuilder>(this TBuilder route, string name)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new OperationName(name));
}
