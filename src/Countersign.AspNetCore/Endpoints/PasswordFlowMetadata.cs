namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Marks the endpoint that is the token URL of OAuth2's password flow, for whoever describes the app's routes: the form that it takes is the one that a
/// documentation page sends to log in.
/// </summary>
internal sealed class PasswordFlowMetadata
{
    internal static readonly PasswordFlowMetadata Instance = new();

    private PasswordFlowMetadata()
    {
    }
}
