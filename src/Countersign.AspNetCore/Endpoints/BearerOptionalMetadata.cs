namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks a route that takes a bearer token and does not require it: it asks for another credential itself where there is none.</summary>
internal sealed class BearerOptionalMetadata
{
    /// <summary>The one there is.</summary>
    public static readonly BearerOptionalMetadata Instance = new();

    private BearerOptionalMetadata()
    {
    }
}
