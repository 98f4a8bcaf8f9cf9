using Countersign.AspNetCore;
using Countersign.AspNetCore.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The routes of Countersign that one call has mapped. A convention that is added to it is added to each of them.</summary>
public sealed class CountersignEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _all;
    private readonly IReadOnlyDictionary<CountersignRoute, IEndpointConventionBuilder> _routes;

    internal CountersignEndpointConventionBuilder(
        IEndpointConventionBuilder all, IReadOnlyDictionary<CountersignRoute, IEndpointConventionBuilder> routes)
    {
        _all = all;
        _routes = routes;
    }

    /// <summary>Chooses one of the routes, to add conventions to it alone.</summary>
    /// <param name="route">The route.</param>
    /// <returns>The route. If this call has not mapped it, conventions that are added to the result have no effect.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="route"/> is not a member of the enum.</exception>
    public IEndpointConventionBuilder ForRoute(CountersignRoute route) =>
        _routes.TryGetValue(route, out var mapped) ? mapped
        : Enum.IsDefined(route) ? new JointConventionBuilder()
        : throw new ArgumentOutOfRangeException(nameof(route), route, "Not a member of CountersignRoute.");

    /// <inheritdoc />
    public void Add(Action<EndpointBuilder> convention) => _all.Add(convention);

    /// <inheritdoc />
    public void Finally(Action<EndpointBuilder> finallyConvention) => _all.Finally(finallyConvention);

    /// <summary>Combines the routes of several calls.</summary>
    internal static CountersignEndpointConventionBuilder Join(params IReadOnlyList<CountersignEndpointConventionBuilder> parts) => new(
        new JointConventionBuilder([.. parts]),
        parts.SelectMany(static part => part._routes).ToDictionary());
}
