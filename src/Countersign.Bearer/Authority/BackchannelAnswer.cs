using System.Net.Http.Headers;

namespace Countersign.Bearer.Authority;

/// <summary>A document as the authority sent it, or the reason why there is none.</summary>
internal readonly record struct BackchannelAnswer
{
    /// <summary>The body; empty if there is a fault.</summary>
    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>How much longer the document may be kept; null if the answer does not say.</summary>
    public TimeSpan? Freshness { get; private init; }

    /// <summary>What went wrong; null on success.</summary>
    public string? Fault { get; private init; }

    /// <summary>Whether the fault is a 404.</summary>
    public bool IsNotFound { get; private init; }

    public static BackchannelAnswer Good(ReadOnlyMemory<byte> body, HttpResponseHeaders headers) => new() { Body = body, Freshness = FreshnessOf(headers) };

    public static BackchannelAnswer Bad(string fault, bool isNotFound = false) => new() { Fault = fault, IsNotFound = isNotFound };

    /// <summary>
    /// RFC 9111 §4.2: <c>max-age</c> minus the time that the answer spent in caches. <c>s-maxage</c> is only for those caches. If such a directive can't be
    /// read, the answer counts as stale (§4.2.1), because it may have been <c>no-store</c>.
    /// </summary>
    private static TimeSpan? FreshnessOf(HttpResponseHeaders headers) =>
        !headers.NonValidated.TryGetValues("Cache-Control", out var said) ? null
            : !CacheControlHeaderValue.TryParse(said.ToString(), out var control) || control.NoStore || control.NoCache ? TimeSpan.Zero
            : control.MaxAge - (headers.Age ?? TimeSpan.Zero);
}
