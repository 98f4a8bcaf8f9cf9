using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Stops the start if the app has a route with the method and the pattern of one of Countersign's. Routing would give every request to one of the two, and the
/// other one would never run. It would not even say so: Countersign's endpoints name their content types, which decides before an ambiguity is seen.
/// </summary>
internal sealed class RouteConflicts : IStartupFilter
{
    /// <inheritdoc />
    /// <remarks>The routes are complete when the app's pipeline is built. The server does not listen yet.</remarks>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (app.ApplicationServices.GetService<EndpointDataSource>() is { } routes && Find(routes.Endpoints) is { Count: > 0 } faults)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }
    };

    /// <summary>Finds the routes that stand twice, each with what to do.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyList<Endpoint> endpoints)
    {
        var routes = endpoints.OfType<RouteEndpoint>()
            .Where(static route => route.Metadata.GetMetadata<ISuppressMatchingMetadata>()?.SuppressMatching is not true)
            .ToLookup(static route => ShapeOf(route.RoutePattern), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. routes.SelectMany(static same => same.Select(own => (Own: own, Mark: own.Metadata.GetMetadata<MappedRoute>()))
                .Where(static one => one.Mark is not null)
                .DistinctBy(static one => one.Mark)
                .SelectMany(one => same.Where(other => AreTwo(one.Own, other)).Take(1).Select(other => Describe(one.Own, one.Mark!, other))))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether two endpoints of the same pattern take the same requests. The app has decided between them if it gave one an order or a host.</summary>
    private static bool AreTwo(RouteEndpoint own, RouteEndpoint other) =>
        own.Order == other.Order
        && other.Metadata.GetMetadata<MappedRoute>() != own.Metadata.GetMetadata<MappedRoute>()
        && HostsOf(own).SequenceEqual(HostsOf(other), StringComparer.OrdinalIgnoreCase)
        && (MethodsOf(other) is not { Count: > 0 } methods || MethodsOf(own).Intersect(methods, StringComparer.OrdinalIgnoreCase).Any());

    private static string Describe(RouteEndpoint own, MappedRoute mark, RouteEndpoint other)
    {
        var name = $"{string.Join(", ", MethodsOf(own))} {Written(own)}";
        return other.Metadata.GetMetadata<MappedRoute>() is null
            ? $"{name} is a route of Countersign and of this app ({other.DisplayName}). Each request would run only one of them. Change the "
                + $"pattern of the app's route, or leave Countersign's out: o.{nameof(CountersignOptions.Routes)}.{mark.Route} = false."
            : $"{name} was mapped twice by Countersign. Leave one out: MapCountersign() maps what o.{nameof(CountersignOptions.Routes)} does not leave out, "
                + "and MapCountersignRoute maps a route in addition.";
    }

    private static string Written(RouteEndpoint route) => '/' + route.RoutePattern.RawText?.TrimStart('/');

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static IEnumerable<string> HostsOf(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<IHostMetadata>()?.Hosts ?? []).Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The pattern as routing sees it: the names of parameters don't matter. A parameter with a constraint, or with text around it, takes fewer requests and
    /// comes first, so such a pattern is another one.
    /// </summary>
    private static string ShapeOf(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment => segment.Parts switch
    {
        [RoutePatternLiteralPart literal] => literal.Content,
        [RoutePatternParameterPart { ParameterKind: RoutePatternParameterKind.Standard, ParameterPolicies.Count: 0 }] => "{}",
        _ => '{' + pattern.RawText + '}',
    }));
}
