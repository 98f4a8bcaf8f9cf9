namespace Countersign.Harness;

/// <summary>The result of a request, as its sender sees it.</summary>
public enum ReplyKind
{
    /// <summary>2xx.</summary>
    Good = 1,

    /// <summary>4xx: the client considers its session ended.</summary>
    Refused,

    /// <summary>503: try again later.</summary>
    Unavailable,

    /// <summary>Any other 5xx.</summary>
    Fault,

    /// <summary>The connection broke, or there was none.</summary>
    Lost,

    /// <summary>No answer within the client's patience.</summary>
    Hung,
}
