namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the standard token endpoint, so that the metadata document finds it wherever the app has mapped it.</summary>
internal sealed class TokenEndpointMetadata
{
    /// <summary>The one there is.</summary>
    public static readonly TokenEndpointMetadata Instance = new();

    private TokenEndpointMetadata()
    {
    }
}
