using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Wire;

/// <summary>Describes the problems that routes may answer with.</summary>
internal static class ProblemConventions
{
    /// <summary>Adds problems to a route, or to each route of a group.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder route, params IReadOnlyList<Problem> refusals)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.AddProblems(refusals));
        return route;
    }

    /// <summary>Adds problems to an endpoint, for a type that describes the routes which have it as a parameter.</summary>
    public static void AddProblems(this EndpointBuilder endpoint, params IReadOnlyList<Problem> refusals)
    {
        foreach (var group in refusals.GroupBy(static problem => problem.Status))
        {
            endpoint.Metadata.Add(new ProblemsMetadata(group.Key, [.. group]));
        }
    }
}
