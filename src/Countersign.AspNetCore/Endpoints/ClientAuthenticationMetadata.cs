namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Marks an endpoint for clients that authenticate with an id and a secret (RFC 6749 §2.3.1), by HTTP Basic or in the form. Descriptions of the app's routes
/// read it. The app's authorization lets anonymous requests through to such an endpoint, which authenticates the client itself.
/// </summary>
internal sealed class ClientAuthenticationMetadata
{
    internal static readonly ClientAuthenticationMetadata Confidential = new(acceptsPublicClient: false);

    internal static readonly ClientAuthenticationMetadata ConfidentialOrPublic = new(acceptsPublicClient: true);

    private ClientAuthenticationMetadata(bool acceptsPublicClient) => AcceptsPublicClient = acceptsPublicClient;

    /// <summary>Whether the public client may call it too, with its <c>client_id</c> in the form and without a secret.</summary>
    public bool AcceptsPublicClient { get; }
}
