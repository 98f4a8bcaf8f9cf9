namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Marks the endpoint that is the token URL of OAuth2's password flow. Descriptions of the app's routes read it: the endpoint accepts the form that a
/// documentation page sends to log in.
/// </summary>
internal sealed class PasswordFlowMetadata
{
    internal static readonly PasswordFlowMetadata Instance = new();

    private PasswordFlowMetadata()
    {
    }
}
