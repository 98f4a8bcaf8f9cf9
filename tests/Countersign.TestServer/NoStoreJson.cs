using System.Text.Json;

namespace Countersign.TestServer;

/// <summary>What a server answered, kept after the response is gone.</summary>
internal sealed class Answer
{
    private JsonElement? _body;

    public required int Status { get; init; }

    public required string Raw { get; init; }

    public string? ContentType { get; private init; }

    public string? Challenge { get; private init; }

    public string? CacheControl { get; private init; }

    public string? RetryAfter { get; private init; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Body => _body ??= JsonElement.Parse(Raw);

    /// <summary>The reason code of a refusal.</summary>
    public string? Code => Text("code");

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new()
    {
        Status = (int)response.StatusCode,
        Raw = await response.Content.ReadAsStringAsync(),
        ContentType = response.Content.Headers.ContentType?.ToString(),
        Challenge = response.Headers.TryGetValues("WWW-Authenticate", out var challenges) ? string.Join(", ", challenges) : null,
        CacheControl = response.Headers.CacheControl?.ToString(),
        RetryAfter = response.Headers.RetryAfter?.ToString(),
    };

    public string? Text(string member) => Body.TryGetProperty(member, out var value) ? value.GetString() : null;

    public int Number(string member) => Body.GetProperty(member).GetInt32();

    /// <summary>Asserts a refusal in the form that every one has; an endpoint of OAuth 2.0 sends it as <c>application/json</c> (RFC 6749 §5.2).</summary>
    public Answer AssertRefused(int status, string code, string contentType = "application/problem+json")
    {
        Assert.True(Status == status && Raw.Contains($"\"{code}\"", StringComparison.Ordinal), $"{Status} {Raw}, not {status} {code}");
        Assert.Equal(contentType, ContentType);
        Assert.Equal(code, Code);
        Assert.Equal(status, Number("status"));
        Assert.Equal($"/errors/{code}", Text("type"));
        Assert.False(string.IsNullOrEmpty(Text("title")));
        Assert.False(string.IsNullOrEmpty(Text("detail")));
        Assert.Equal("no-store", CacheControl);
        return this;
    }
}
