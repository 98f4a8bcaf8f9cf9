using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Maps those routes of a group that the app wants, and remembers them.</summary>
/// <param name="group">The group.</param>
/// <param name="isWanted">Says which routes are mapped.</param>
/// <param name="pattern">The pattern of the one route that is mapped, relative to the group; null for its usual pattern.</param>
internal sealed class RouteMap(IEndpointRouteBuilder group, Func<CountersignRoute, bool> isWanted, string? pattern = null)
{
    private readonly Dictionary<CountersignRoute, IEndpointConventionBuilder> _mapped = [];

    /// <summary>The routes that were mapped.</summary>
    public IReadOnlyDictionary<CountersignRoute, IEndpointConventionBuilder> Mapped => _mapped;

    /// <summary>The name of a route in a description of the app.</summary>
    public static string NameOf(CountersignRoute route)
    {
        var name = route.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public IEndpointConventionBuilder MapGet(CountersignRoute route, string path, Delegate handler) =>
        Map(route, path, actual => group.MapGet(actual, handler));

    public IEndpointConventionBuilder MapDelete(CountersignRoute route, string path, Delegate handler) =>
        Map(route, path, actual => group.MapDelete(actual, handler));

    /// <summary>
    /// Maps a handler that reads a body. It is mapped twice: once with its content types, for requests with those types and for descriptions of routes, and
    /// once without. If every endpoint of a route had content types, routing itself would answer 415, before authorization and without a problem document. The
    /// second endpoint leaves that to the handler.
    /// </summary>
    /// <returns>Both endpoints. A convention that is added to the result is added to both.</returns>
    public IEndpointConventionBuilder MapBody(CountersignRoute route, string method, string path, Delegate handler) => Map(route, path, actual =>
    {
        var declared = group.MapMethods(actual, [method], handler);
        var undeclared = group.MapMethods(actual, [method], handler).ExcludeFromDescription();
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
    });

    /// <summary>Maps a route if it is wanted.</summary>
    /// <returns>The route. If it is not mapped, conventions that are added to the result have no effect.</returns>
    private IEndpointConventionBuilder Map(CountersignRoute route, string path, Func<string, IEndpointConventionBuilder> map)
    {
        if (!isWanted(route))
        {
            return new JointConventionBuilder();
        }

        ThrowIfParameterIsMissing(route, path, pattern);
        var mapped = map(pattern ?? path).Named(NameOf(route)).WithMetadata(new MappedRoute(route));
        _mapped.Add(route, mapped);
        return mapped;
    }

    private static void ThrowIfParameterIsMissing(CountersignRoute route, string path, string? pattern)
    {
        if (pattern is null)
        {
            return;
        }

        var given = RoutePatternFactory.Parse(pattern).Parameters.Select(static parameter => parameter.Name).ToList();
        var missing = RoutePatternFactory.Parse(path).Parameters.FirstOrDefault(parameter => !given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase));
        if (missing is not null)
        {
            throw new ArgumentException($"The pattern \"{pattern}\" of the route {route} lacks the parameter {{{missing.Name}}}.", nameof(pattern));
        }
    }
}
