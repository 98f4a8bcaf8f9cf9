using System.Net;
using System.Text.Json;
using Countersign.Server.Tests.Hosting;
using Microsoft.OpenApi;

namespace Countersign.Server.Tests.OpenApi;

public sealed class OpenApiDocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] ProblemTypes = ["application/problem+json", "application/json"];
    private static string SnapshotFile => Path.Combine(Repository.Root, "docs", "openapi.json");

    [Fact]
    public async Task Document_ReadByOthers_IsOpenApi31WithoutAFault()
    {
        var document = await DocumentReading.FetchAsync(server.Address);

        var read = OpenApiDocument.Parse(document.Root.GetRawText(), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(document.Operations.Count(), read.Document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public async Task References_All_LeadToSomething()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var references = Descend(document.Root).Where(element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out _)).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotEqual(JsonValueKind.Undefined, document.Resolve(reference).ValueKind));
    }

    [Fact]
    public async Task Operations_AndTheRouteTable_AreTheSame()
    {
        var document = await DocumentReading.FetchAsync(server.Address);

        Assert.Equal(
            RouteTable.ReadPatterns().Select(static route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal),
            document.Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Operations_All_AreNamedAndSummarised()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var tags = document.Root.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("name").GetString()!, StringComparer.Ordinal);
        var names = document.Operations.Select(operation => operation.Operation.GetProperty("operationId").GetString()!).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^[a-z][A-Za-z0-9]+$", name));
        Assert.All(document.Operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Operation.GetProperty("summary").GetString()), $"{operation.Method} {operation.Path}");
            Assert.False(string.IsNullOrEmpty(tags[operation.Operation.GetProperty("tags")[0].GetString()!].GetProperty("description").GetString()));
        });
    }

    [Fact]
    public async Task Refusals_All_AreProblemsWhoseCodesHavePages()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var pages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (method, path, operation) in document.Operations)
        {
            var refusals = operation.GetProperty("responses").EnumerateObject()
                .Where(response => response.Name[0] is '4' or '5' && !path.StartsWith("/health", StringComparison.Ordinal));
            foreach (var response in refusals)
            {
                var content = response.Value.GetProperty("content").EnumerateObject().ToList();
                Assert.NotEmpty(content);
                foreach (var media in content)
                {
                    Assert.Contains(media.Name, ProblemTypes);
                    Assert.Equal("#/components/schemas/Problem", media.Value.GetProperty("schema").GetProperty("$ref").GetString());
                    var codes = document.Examples(media.Value).Select(example => example.GetProperty("code").GetString()!).ToList();
                    Assert.True(codes.Count > 0, $"{method} {path} {response.Name} names no reason code");
                    pages.UnionWith(codes);
                    Assert.All(document.Examples(media.Value), example => Assert.Equal(response.Name, $"{example.GetProperty("status").GetInt32()}"));
                }
            }
        }

        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var code in pages)
        {
            using var answer = await http.GetAsync(new Uri($"/errors/{code}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Headers_OfRefusals_AreDeclared()
    {
        var document = await DocumentReading.FetchAsync(server.Address);

        foreach (var (method, path, operation) in document.Operations.Where(operation => !operation.Path.StartsWith("/health", StringComparison.Ordinal)))
        {
            foreach (var (status, header) in new[] { ("401", "WWW-Authenticate"), ("429", "Retry-After"), ("503", "Retry-After") })
            {
                Assert.True(
                    !operation.GetProperty("responses").TryGetProperty(status, out var response)
                        || response.GetProperty("headers").TryGetProperty(header, out _),
                    $"{method} {path} {status} lacks {header}");
            }
        }
    }

    [Fact]
    public async Task Examples_OfEveryBody_AreThereAndValid()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var check = new SchemaCheck(document);

        var json = document.Contents.Where(content =>
            content.ContentType != "text/html" && !content.Where.StartsWith("GET /openapi/v1.json 200", StringComparison.Ordinal));
        foreach (var (where, contentType, media) in json)
        {
            var examples = document.Examples(media).ToList();
            Assert.True(examples.Count > 0, $"{where} {contentType} has no example");
            Assert.All(examples, example => Assert.Empty(check.Faults(example, media.GetProperty("schema"), $"{where} {contentType}")));
        }
    }

    [Fact]
    public async Task Bodies_InJson_RefuseUnknownMembersAndInFormsIgnoreThem()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var bodies = document.Contents.Where(content => content.Where.EndsWith("request", StringComparison.Ordinal)).ToList();

        Assert.Contains(bodies, body => body.ContentType == "application/x-www-form-urlencoded");
        Assert.All(bodies, body => Assert.Equal(
            body.ContentType == "application/json",
            document.Resolve(body.Media.GetProperty("schema")).TryGetProperty("additionalProperties", out _)));
    }

    [Fact]
    public async Task Security_OfEveryRoute_IsWhatTheRouteAsksFor()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        using var http = new HttpClient { BaseAddress = server.Address };

        foreach (var (method, path, operation) in document.Operations)
        {
            var required = operation.TryGetProperty("security", out var security) && security.EnumerateArray().All(one => one.EnumerateObject().Any());
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", $"{Guid.Empty}", StringComparison.Ordinal));
            if (required && operation.TryGetProperty("requestBody", out var body))
            {
                // Whoever is asked for comes before what is asked.
                request.Content = ApiClient.Raw(string.Empty, body.GetProperty("content").EnumerateObject().First().Name);
            }

            using var answer = await http.SendAsync(request);

            Assert.True(!required || answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} takes strangers ({answer.StatusCode})");
            Assert.True(
                required || answer.StatusCode != HttpStatusCode.Unauthorized || operation.TryGetProperty("security", out _),
                $"{method} {path} asks for a login that is not declared");
        }
    }

    [Fact]
    public async Task Document_AnyHost_IsTheSame()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { Host = "evil.example" } };
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");

        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(document.Root.GetRawText(), text);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        Assert.False(document.Root.TryGetProperty("servers", out _));
    }

    [Fact]
    public async Task Document_KnownToTheClient_IsNotSentAgain()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var first = await http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var second = await http.SendAsync(request);

        Assert.Equal("application/json", first.Content.Headers.ContentType?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    /// <summary>
    /// What clients generate from is part of the source, so that a change of it is seen in the commit that makes it. The version is not: it is another after
    /// each commit.
    /// </summary>
    [Fact]
    public async Task Snapshot_IsCurrent()
    {
        var document = await DocumentReading.FetchAsync(server.Address);
        var version = document.Root.GetProperty("info").GetProperty("version").GetString();
        var current = JsonSerializer.Serialize(document.Root, SnapshotOptions).ReplaceLineEndings("\n")
            .Replace($"\"version\": \"{version}\"", "\"version\": \"0.0.0\"", StringComparison.Ordinal) + '\n';
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_REFRESH") == "openapi")
        {
            await File.WriteAllTextAsync(SnapshotFile, current);
        }

        Assert.True(
            File.Exists(SnapshotFile) && await File.ReadAllTextAsync(SnapshotFile) == current,
            "docs/openapi.json is not what the server says of itself. Run eng/openapi, and look at what has changed.");
    }

    private static readonly JsonSerializerOptions SnapshotOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static IEnumerable<JsonElement> Descend(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Descend(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Descend),
        _ => [],
    };
}
