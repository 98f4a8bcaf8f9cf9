namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the revocation endpoint (RFC 7009), so that the metadata document finds it wherever the app has mapped it.</summary>
internal sealed class RevocationEndpointMetadata
{
    /// <summary>The one there is.</summary>
    public static readonly RevocationEndpointMetadata Instance = new();

    private RevocationEndpointMetadata()
    {
    }
}
