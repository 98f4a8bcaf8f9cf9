namespace Countersign.Bearer.Problems;

/// <summary>
/// Marks the endpoints that OAuth 2.0 defines. Their errors are <c>application/json</c> (RFC 6749 §5.2), and strict clients read no other media type. The
/// document is the same as at other endpoints.
/// </summary>
internal sealed class OAuthErrorMetadata
{
    /// <summary>The media type of such an error.</summary>
    public const string ContentType = "application/json";

    /// <summary>The only instance.</summary>
    public static readonly OAuthErrorMetadata Instance = new();

    private OAuthErrorMetadata()
    {
    }
}
