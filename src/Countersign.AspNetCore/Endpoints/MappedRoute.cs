namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks an endpoint of Countersign. Every call that maps a route makes a new mark, which all endpoints of that route share.</summary>
/// <param name="route">The route.</param>
internal sealed class MappedRoute(CountersignRoute route)
{
    public CountersignRoute Route => route;
}
