using System.Text.Json.Serialization;

namespace Countersign.Bearer.Refusals;

/// <summary>The shape of what <see cref="ProblemResult"/> writes, for those who describe routes; nothing is made of it.</summary>
internal sealed class ProblemDocument
{
    /// <summary>A reference to the page of the reason code.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The reason in words.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyName("status")]
    public required int Status { get; init; }

    /// <summary>One sentence for a person.</summary>
    [JsonPropertyName("detail")]
    public required string Detail { get; init; }

    /// <summary>The stable reason code.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>The error code of RFC 6749 §5.2, where one fits.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>The same sentence, where <c>error</c> is.</summary>
    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    /// <summary>What is wrong with single members, by their names.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyDictionary<string, IReadOnlyList<ProblemMember>>? Errors { get; init; }
}

/// <summary>One fault of a member, as it is written.</summary>
internal sealed class ProblemMember
{
    /// <summary>The stable code.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
