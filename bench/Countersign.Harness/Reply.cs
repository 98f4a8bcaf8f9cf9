using System.Text.Json;

namespace Countersign.Harness;

/// <summary>The result of one request: an answer, or the reason why there is none.</summary>
public sealed class Reply
{
    /// <summary>The members in which servers say why they refuse; the first existing one counts.</summary>
    private static readonly string[] CodeMembers = ["code", "error_description", "error", "title"];

    /// <summary>What the reply means for its sender.</summary>
    public required ReplyKind Kind { get; init; }

    /// <summary>The HTTP status; 0 without an answer.</summary>
    public int Status { get; init; }

    /// <summary>The body of an answer; undefined if it is not JSON.</summary>
    public JsonElement Body { get; init; }

    /// <summary>The server's own code for a refusal, if it has one.</summary>
    public string? Code { get; init; }

    /// <summary>The tokens, if the answer has any.</summary>
    public TokenPair? Pair { get; init; }

    /// <summary>How long a 503 asks its client to wait; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>
    /// Whether the request was sent and its connection ended before the answer. False if no connection was possible, and after a time-out.
    /// </summary>
    public bool IsBrokenOff { get; init; }

    public bool IsGood => Kind is ReplyKind.Good;

    public bool IsRefused => Kind is ReplyKind.Refused;

    public bool IsUnavailable => Kind is ReplyKind.Unavailable;

    public bool IsUnanswered => Kind is ReplyKind.Lost or ReplyKind.Hung;

    /// <summary>Nothing was decided about the session: a client asks again.</summary>
    public bool IsTransient => IsUnanswered || Kind is ReplyKind.Unavailable or ReplyKind.Fault;

    public static ReplyKind KindOf(int status) => status switch
    {
        >= 200 and < 300 => ReplyKind.Good,
        503 => ReplyKind.Unavailable,
        >= 500 => ReplyKind.Fault,
        _ => ReplyKind.Refused,
    };

    /// <summary>Reads an answer.</summary>
    /// <param name="response">The head of the answer.</param>
    /// <param name="text">The body of the answer.</param>
    /// <param name="members">How the server names the tokens.</param>
    /// <param name="took">How long the sender waited for it.</param>
    public static Reply Read(HttpResponseMessage response, string text, TokenMembers members, TimeSpan took)
    {
        var body = Parse(text);
        bool isGood = response.IsSuccessStatusCode;
        return new Reply
        {
            Kind = KindOf((int)response.StatusCode),
            Status = (int)response.StatusCode,
            Body = body,
            Code = isGood ? null : CodeMembers.Select(member => Text(body, member)).FirstOrDefault(static code => code is not null),
            Pair = isGood ? TokenPair.TryRead(body, members) : null,
            RetryAfter = response.Headers.RetryAfter?.Delta,
            Took = took,
        };
    }

    public override string ToString() => Status == 0 ? Kind.ToString() : $"{Status} {Code}".TrimEnd();

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement body, string member) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
