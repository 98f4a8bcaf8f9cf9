using System.Text.Json;
using Countersign.Server.Tests.OpenApi;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>One operation, as the server's own OpenAPI document describes it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The address, with parameters in braces.</param>
/// <param name="QueryParameters">The names of the query's parameters.</param>
/// <param name="Bodies">The members of the body, by content type.</param>
/// <param name="Answers">What it says it answers, as <see cref="Answer"/> writes it.</param>
internal sealed record FuzzOperation(
    string Method, string Path, IReadOnlyList<string> QueryParameters, IReadOnlyDictionary<string, IReadOnlyList<string>> Bodies, IReadOnlySet<string> Answers)
{
    /// <summary>One way to answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type; null without content.</param>
    /// <param name="code">The reason code; null where nothing is refused.</param>
    public static string Answer(string status, string? contentType, string? code) => $"{status} {contentType ?? "-"} {code ?? "-"}";

    public override string ToString() => $"{Method} {Path}";

    /// <summary>Reads every operation of a document.</summary>
    public static IReadOnlyList<FuzzOperation> ReadAll(JsonElement document) =>
    [
        .. document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Where(static member => member.Value.TryGetProperty("responses", out _))
                .Select(member => Read(document, path.Name, member))),
    ];

    private static FuzzOperation Read(JsonElement document, string path, JsonProperty operation)
    {
        var reading = new DocumentReading(document);
        var parameters = operation.Value.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().ToList() : [];
        return new FuzzOperation(
            operation.Name.ToUpperInvariant(),
            path,
            [
                .. parameters.Where(static parameter => parameter.GetProperty("in").GetString() == "query")
                    .Select(static parameter => parameter.GetProperty("name").GetString()!)
            ],
            content.ToDictionary(static form => form.Name, form => Members(document, form.Value.GetProperty("schema")), StringComparer.Ordinal),
            operation.Value.GetProperty("responses").EnumerateObject().SelectMany(answer => AnswersOf(reading, answer)).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string> AnswersOf(DocumentReading document, JsonProperty answer)
    {
        var contents = answer.Value.TryGetProperty("content", out var content) ? content.EnumerateObject().ToList() : [];
        return contents.Count == 0
            ? [Answer(answer.Name, contentType: null, code: null)]
            : contents.SelectMany(form => CodesOf(document, form.Value).Select(code => Answer(answer.Name, form.Name, code)));
    }

    private static IEnumerable<string?> CodesOf(DocumentReading document, JsonElement media) => document.Examples(media)
        .Select(static example => example.ValueKind == JsonValueKind.Object && example.TryGetProperty("code", out var code) ? code.GetString() : null)
        .DefaultIfEmpty();

    private static IReadOnlyList<string> Members(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return [.. schema.GetProperty("properties").EnumerateObject().Select(static member => member.Name)];
    }
}
