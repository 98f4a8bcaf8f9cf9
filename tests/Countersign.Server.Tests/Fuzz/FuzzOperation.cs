using System.Text.Json;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>One operation, as the server's own OpenAPI document describes it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The address, with parameters in braces.</param>
/// <param name="QueryParameters">The names of the query's parameters.</param>
/// <param name="Bodies">The members of the body, by content type.</param>
/// <param name="Statuses">The statuses that it says it answers.</param>
internal sealed record FuzzOperation(
    string Method, string Path, IReadOnlyList<string> QueryParameters, IReadOnlyDictionary<string, IReadOnlyList<string>> Bodies, IReadOnlyList<int> Statuses)
{
    public override string ToString() => $"{Method} {Path}";

    /// <summary>Reads every operation of a document.</summary>
    public static IReadOnlyList<FuzzOperation> ReadAll(JsonElement document) =>
    [
        .. document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Where(static member => member.Value.TryGetProperty("responses", out _)).Select(member => Read(document, path.Name, member))),
    ];

    private static FuzzOperation Read(JsonElement document, string path, JsonProperty operation)
    {
        var parameters = operation.Value.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().ToList() : [];
        return new FuzzOperation(
            operation.Name.ToUpperInvariant(),
            path,
            [.. parameters.Where(static parameter => parameter.GetProperty("in").GetString() == "query").Select(static parameter => parameter.GetProperty("name").GetString()!)],
            content.ToDictionary(static form => form.Name, form => Members(document, form.Value.GetProperty("schema")), StringComparer.Ordinal),
            [.. operation.Value.GetProperty("responses").EnumerateObject().Select(static answer => int.Parse(answer.Name, System.Globalization.CultureInfo.InvariantCulture))]);
    }

    private static IReadOnlyList<string> Members(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return [.. schema.GetProperty("properties").EnumerateObject().Select(static member => member.Name)];
    }
}
