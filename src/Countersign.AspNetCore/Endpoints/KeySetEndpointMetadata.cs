namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the endpoint of the public keys, so that the metadata document finds it at any path.</summary>
internal sealed class KeySetEndpointMetadata
{
    public static readonly KeySetEndpointMetadata Instance = new();

    private KeySetEndpointMetadata()
    {
    }
}
