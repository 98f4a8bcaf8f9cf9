namespace Countersign.Conformance.Wiring;

/// <summary>What became of a request, as its sender sees it.</summary>
internal enum ReplyKind
{
    /// <summary>2xx.</summary>
    Good = 1,

    /// <summary>4xx: whoever holds the token is logged out.</summary>
    Refused,

    /// <summary>503: try again later.</summary>
    Unavailable,

    /// <summary>Any other 5xx.</summary>
    Fault,

    /// <summary>The connection broke, or there was none.</summary>
    Lost,

    /// <summary>No answer in <see cref="Wire.Patience"/>.</summary>
    Hung,
}
