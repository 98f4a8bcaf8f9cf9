using System.Text.Json;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The OpenAPI document as a client reads it.</summary>
internal sealed class DocumentReading(JsonElement root)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public JsonElement Root { get; } = root;

    /// <summary>Every operation, with its method in upper case and its path.</summary>
    public IEnumerable<(string Method, string Path, JsonElement Operation)> Operations =>
        from path in Root.GetProperty("paths").EnumerateObject()
        from member in path.Value.EnumerateObject()
        where Methods.Contains(member.Name, StringComparer.Ordinal)
        select (member.Name.ToUpperInvariant(), path.Name, member.Value);

    /// <summary>Every content of a request or an answer: where it is, and its media type object.</summary>
    public IEnumerable<(string Where, string ContentType, JsonElement Media)> Contents
    {
        get
        {
            foreach (var (method, path, operation) in Operations)
            {
                if (operation.TryGetProperty("requestBody", out var body))
                {
                    foreach (var media in body.GetProperty("content").EnumerateObject())
                    {
                        yield return ($"{method} {path} request", media.Name, media.Value);
                    }
                }

                foreach (var response in operation.GetProperty("responses").EnumerateObject())
                {
                    foreach (var media in response.Value.TryGetProperty("content", out var content) ? content.EnumerateObject() : default)
                    {
                        yield return ($"{method} {path} {response.Name}", media.Name, media.Value);
                    }
                }
            }
        }
    }

    public static async Task<DocumentReading> FetchAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        return new DocumentReading(JsonElement.Parse(await http.GetStringAsync("/openapi/v1.json")));
    }

    /// <summary>What an answer has that the document does not say; empty if it says all.</summary>
    public IEnumerable<string> Faults(string method, string path, RawAnswer answer)
    {
        var where = $"{method} {path} {answer.Status}";
        var responses = Operations.Single(operation => operation.Method == method && operation.Path == path).Operation.GetProperty("responses");
        if (!responses.TryGetProperty($"{answer.Status}", out var response))
        {
            return [$"{where}: is not described"];
        }

        if (answer.Header("Content-Type")?.Split(';')[0] is not { } contentType)
        {
            return response.TryGetProperty("content", out _) ? [$"{where}: has no content"] : [];
        }

        return !response.TryGetProperty("content", out var content) || !content.TryGetProperty(contentType, out var media)
            ? [$"{where}: {contentType} is not described"]
            : answer.Json is { } json && media.TryGetProperty("schema", out var schema) ? new SchemaCheck(this).Faults(json, schema, where)
            : [];
    }

    /// <summary>What a value is, or what its reference leads to.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(Root, (at, name) => at.GetProperty(name));
        }

        return element;
    }

    /// <summary>The examples of a content.</summary>
    public IEnumerable<JsonElement> Examples(JsonElement media)
    {
        if (media.TryGetProperty("example", out var example))
        {
            yield return example;
        }

        foreach (var named in media.TryGetProperty("examples", out var examples) ? examples.EnumerateObject() : default)
        {
            yield return Resolve(named.Value).GetProperty("value");
        }
    }
}
