namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the introspection endpoint (RFC 7662), so that the metadata document finds it at any path.</summary>
internal sealed class IntrospectionEndpointMetadata
{
    public static readonly IntrospectionEndpointMetadata Instance = new();

    private IntrospectionEndpointMetadata()
    {
    }
}
