using Microsoft.AspNetCore.Builder;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Combines several routes or groups: a convention that is added to it is added to each of them.</summary>
internal sealed class JointConventionBuilder(params IReadOnlyList<IEndpointConventionBuilder> parts) : IEndpointConventionBuilder
{
    /// <inheritdoc />
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var part in parts)
        {
            part.Add(convention);
        }
    }

    /// <inheritdoc />
    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var part in parts)
        {
            part.Finally(finallyConvention);
        }
    }
}
