namespace Countersign.Harness;

/// <summary>What became of a request, as its sender sees it.</summary>
public enum ReplyKind
{
    /// <summary>2xx.</summary>
    Good = 1,

    /// <summary>4xx: a client takes it for the end of its session.</summary>
    Refused,

    /// <summary>503: try again later.</summary>
    Unavailable,

    /// <summary>Any other 5xx.</summary>
    Fault,

    /// <summary>The connection broke, or there was none.</summary>
    Lost,

    /// <summary>No answer in the time for which the client waits.</summary>
    Hung,
}
