namespace Countersign.Conformance.Wiring;

/// <summary>One answer, or why there was none.</summary>
/// <param name="Kind">What it comes to.</param>
/// <param name="Status">The HTTP status; 0 without an answer.</param>
/// <param name="Pair">The tokens, where the answer holds any.</param>
/// <param name="Reason">The server's own code for a refusal, where it has one.</param>
internal sealed record Reply(ReplyKind Kind, int Status, Pair? Pair, string? Reason)
{
    public bool IsGood => Kind is ReplyKind.Good;

    /// <summary>Nothing was decided about the session: a client asks again.</summary>
    public bool IsPassing => Kind is ReplyKind.Unavailable or ReplyKind.Fault or ReplyKind.Lost or ReplyKind.Hung;

    public static ReplyKind KindOf(int status) => status switch
    {
        >= 200 and < 300 => ReplyKind.Good,
        503 => ReplyKind.Unavailable,
        >= 500 => ReplyKind.Fault,
        _ => ReplyKind.Refused,
    };

    public override string ToString() => Status == 0 ? Kind.ToString() : $"{Status} {Reason}".TrimEnd();
}
