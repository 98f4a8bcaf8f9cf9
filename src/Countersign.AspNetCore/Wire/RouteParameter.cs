namespace Countersign.AspNetCore.Wire;

/// <summary>Describes a parameter of a route's path or query that the route itself reads, strictly, so that no generator can find it.</summary>
/// <param name="Name">The parameter's name. If the path does not have it, it is a parameter of the query.</param>
/// <param name="Description">The parameter's purpose.</param>
internal sealed record RouteParameter(string Name, string Description)
{
    /// <summary>The JSON type of its value: <c>string</c> or <c>integer</c>.</summary>
    public string Type { get; init; } = "string";

    /// <summary>The format of a text, such as <c>uuid</c>; null if it has none.</summary>
    public string? Format { get; init; }

    /// <summary>The least number; null if there is none.</summary>
    public int? Minimum { get; init; }

    /// <summary>The greatest number; null if there is none.</summary>
    public int? Maximum { get; init; }

    /// <summary>The value of a number if the parameter is left out; null if there is none.</summary>
    public int? Default { get; init; }
}
