namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks the revocation endpoint (RFC 7009), so that the metadata document finds it at any path.</summary>
internal sealed class RevocationEndpointMetadata
{
    public static readonly RevocationEndpointMetadata Instance = new();

    private RevocationEndpointMetadata()
    {
    }
}
