using System.Text.Json;

namespace Countersign.TestServer;

/// <summary>An answer with all of its headers, as they came.</summary>
internal sealed class RawAnswer
{
    private JsonElement? _json;

    public required int Status { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>The reason code of a problem document; null where the body is none.</summary>
    public string? Code => Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonElement? Json => _json ??= Parse(Body);

    /// <summary>The one value of a header; null if it is not there, and all values with a line break between them if there are several.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Select(static pair => pair.Value).ToList();
        return values.Count == 0 ? null : string.Join('\n', values);
    }

    private static JsonElement? Parse(string body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
