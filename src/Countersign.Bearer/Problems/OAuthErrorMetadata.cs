namespace Countersign.Bearer.Problems;

/// <summary>
/// Marks the endpoints that OAuth 2.0 defines. Their errors are <c>application/json</c> (RFC 6749 §5.2), and clients that hold to that read no other media
/// type; the document is the same as everywhere.
/// </summary>
internal sealed class OAuthErrorMetadata
{
    /// <summary>The media type of such an error.</summary>
    public const string ContentType = "application/json";

    /// <summary>The one there is.</summary>
    public static readonly OAuthErrorMetadata Instance = new();

    private OAuthErrorMetadata()
    {
    }
}
