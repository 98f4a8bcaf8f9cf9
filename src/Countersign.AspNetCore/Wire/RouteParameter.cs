namespace Countersign.AspNetCore.Wire;

/// <summary>Describes a parameter of a route's path or query that the route reads itself, strictly, and that no generator could find out.</summary>
/// <param name="Name">Its name; one that the path does not have is a parameter of the query.</param>
/// <param name="Description">What it is for.</param>
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

    /// <summary>The number that stands for a parameter which is left out; null if there is none.</summary>
    public int? Default { get; init; }
}
