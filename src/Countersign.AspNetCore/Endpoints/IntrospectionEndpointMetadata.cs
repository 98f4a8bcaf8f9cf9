namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the introspection endpoint (RFC 7662), so that the metadata document finds it wherever the app has mapped it.</summary>
internal sealed class IntrospectionEndpointMetadata
{
    /// <summary>The one there is.</summary>
    public static readonly IntrospectionEndpointMetadata Instance = new();

    private IntrospectionEndpointMetadata()
    {
    }
}
