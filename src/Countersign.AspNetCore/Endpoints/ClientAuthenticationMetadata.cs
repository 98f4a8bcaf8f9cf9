namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Marks an endpoint whose callers are clients that authenticate with an id and a secret (RFC 6749 §2.3.1), by HTTP Basic or in the form, for whoever describes
/// the app's routes. Such an endpoint allows anonymous requests as far as the app's own authorization goes, and asks for the client itself.
/// </summary>
internal sealed class ClientAuthenticationMetadata
{
    internal static readonly ClientAuthenticationMetadata Confidential = new(acceptsPublicClient: false);

    internal static readonly ClientAuthenticationMetadata ConfidentialOrPublic = new(acceptsPublicClient: true);

    private ClientAuthenticationMetadata(bool acceptsPublicClient) => AcceptsPublicClient = acceptsPublicClient;

    /// <summary>Whether the public client may call it too, with its <c>client_id</c> in the form and without a secret.</summary>
    public bool AcceptsPublicClient { get; }
}
