using Countersign.Bearer.Refusals;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Wire;

/// <summary>Says of routes what they may refuse.</summary>
internal static class RefusalConventions
{
    /// <summary>Adds refusals to those that a route, or each of a group, may answer with.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params IReadOnlyList<Refusal> refusals)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.AddRefusals(refusals));
        return route;
    }

    /// <summary>The same, for a type that describes the routes it is a parameter of.</summary>
    public static void AddRefusals(this EndpointBuilder endpoint, params IReadOnlyList<Refusal> refusals)
    {
        foreach (var group in refusals.GroupBy(static refusal => refusal.Status))
        {
            endpoint.Metadata.Add(new RefusesMetadata(group.Key, [.. group]));
        }
    }
}
