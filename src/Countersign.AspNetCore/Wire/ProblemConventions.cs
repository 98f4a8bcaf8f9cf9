using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Wire;

/// <summary>Says of routes what they may refuse.</summary>
internal static class ProblemConventions
{
    /// <summary>Adds refusals to those that a route, or each of a group, may answer with.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder route, params IReadOnlyList<Problem> refusals)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.AddProblems(refusals));
        return route;
    }

    /// <summary>The same, for a type that describes the routes it is a parameter of.</summary>
    public static void AddProblems(this EndpointBuilder endpoint, params IReadOnlyList<Problem> refusals)
    {
        foreach (var group in refusals.GroupBy(static problem => problem.Status))
        {
            endpoint.Metadata.Add(new ProblemsMetadata(group.Key, [.. group]));
        }
    }
}
