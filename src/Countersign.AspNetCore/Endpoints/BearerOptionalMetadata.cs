namespace Countersign.AspNetCore.Endpoints;

/// <summary>Marks a route that accepts a bearer token but does not require one: the route itself asks for another credential if there is none.</summary>
internal sealed class BearerOptionalMetadata
{
    public static readonly BearerOptionalMetadata Instance = new();

    private BearerOptionalMetadata()
    {
    }
}
