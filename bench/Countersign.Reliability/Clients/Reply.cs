namespace Countersign.Reliability.Clients;

/// <summary>What came back for one request.</summary>
internal sealed class Reply
{
    /// <summary>The status; 0 if no answer came.</summary>
    public required int Status { get; init; }

    /// <summary>The reason code of a refusal.</summary>
    public string? Code { get; init; }

    /// <summary>The pair, where the answer is one.</summary>
    public TokenPair? Pair { get; init; }

    /// <summary>How long a 503 asks its client to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public required TimeSpan Took { get; init; }

    public bool IsLost => Status == 0;

    /// <summary>The request was sent, and its connection ended before the answer: not one that found nobody to connect to, nor one that waited too long.</summary>
    public bool IsBrokenOff { get; init; }

    public bool IsUnavailable => Status == 503;

    /// <summary>The token or the request was refused: what a client takes for the end of its session.</summary>
    public bool IsRefused => Status is >= 400 and < 500;

    public override string ToString() => Status == 0 ? "no answer" : $"{Status} {Code}";
}
