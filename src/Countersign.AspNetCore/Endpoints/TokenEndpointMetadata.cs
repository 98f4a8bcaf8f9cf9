namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the standard token endpoint, so that the metadata document finds it at any path.</summary>
internal sealed class TokenEndpointMetadata
{
    public static readonly TokenEndpointMetadata Instance = new();

    private TokenEndpointMetadata()
    {
    }
}
