using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.Bearer.Problems;

/// <summary>The schema of the document that <see cref="ProblemResult"/> writes, for the description of routes. No instance is made.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed class ProblemDocument
{
    [JsonPropertyName("type")]
    [Description("The address of the page of the reason code, relative to the server; `about:blank` where there is no page.")]
    public required string Type { get; init; }

    [JsonPropertyName("title")]
    [Description("The reason in words; the status in words where there is no page.")]
    public required string Title { get; init; }

    [JsonPropertyName("status")]
    [Description("The HTTP status.")]
    public required int Status { get; init; }

    [JsonPropertyName("detail")]
    [Description("One sentence for a person.")]
    public required string Detail { get; init; }

    [JsonPropertyName("code")]
    [Description("The stable reason code.")]
    public required string Code { get; init; }

    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The error code of RFC 6749 §5.2, where one fits.")]
    public string? Error { get; init; }

    [JsonPropertyName("error_description")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The same sentence, where `error` is.")]
    public string? ErrorDescription { get; init; }

    [JsonPropertyName("methods")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("With `mfa_required`: the second factors that the account may show.")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("What is wrong with single members, by their names.")]
    public IReadOnlyDictionary<string, IReadOnlyList<ProblemMember>>? Errors { get; init; }
}

/// <summary>One fault of a member in the document.</summary>
internal sealed class ProblemMember
{
    [JsonPropertyName("code")]
    [Description("The stable code.")]
    public required string Code { get; init; }

    [JsonPropertyName("message")]
    [Description("One sentence for a person.")]
    public required string Message { get; init; }
}
