using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Bearer.Problems;

/// <summary>
/// A refusal as the client sees it: a problem document (RFC 9457), its status and its headers. All texts in it are constants, or the app's own, and it never
/// repeats a part of the request.
/// </summary>
internal sealed record Problem
{
    /// <param name="status">The HTTP status, 400 to 599.</param>
    /// <param name="code">The stable reason code in snake case.</param>
    /// <param name="detail">One sentence for a person, in the characters that RFC 6749 §5.2 allows in <c>error_description</c>.</param>
    public Problem(int status, string code, string detail)
    {
        Status = status;
        Code = code;
        Detail = detail;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The stable reason code: the member <c>code</c>, and the end of the member <c>type</c>.</summary>
    public string Code { get; }

    /// <summary>
    /// Whether the code and the detail are the app's own. Such a problem has no page, so its type is <c>about:blank</c>, and its title is the status in words
    /// (RFC 9457 §4.2.1).
    /// </summary>
    public bool IsOfTheApp { get; init; }

    /// <summary>The member <c>type</c>.</summary>
    public string Type => IsOfTheApp ? "about:blank" : "/errors/" + Code;

    /// <summary>The member <c>title</c>: the code in words, the same for every occurrence (RFC 9457 §3.1.3).</summary>
    public string Title => IsOfTheApp ? ReasonPhrases.GetReasonPhrase(Status) : InWords(Code);

    /// <summary>The member <c>detail</c>, which is also the member <c>error_description</c>.</summary>
    public string Detail { get; init; }

    /// <summary>The member <c>error</c> of a token endpoint (RFC 6749 §5.2); null if there is none.</summary>
    public string? OAuthError { get; init; }

    /// <summary>The value of <c>WWW-Authenticate</c> (RFC 6750 §3); null if the header is not sent.</summary>
    public string? Challenge { get; init; }

    /// <summary>When to try again; null if that would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The faults of single members of the request, by their names; null if there are none.</summary>
    public IReadOnlyList<MemberFaults>? Errors { get; init; }

    /// <summary>The member <c>methods</c>: the second factors that the account may show; null if no second factor is required.</summary>
    public IReadOnlyList<string>? MfaMethods { get; init; }

    /// <summary>Turns a code into words: <c>token_expired</c> into <c>Token expired</c>.</summary>
    internal static string InWords(string code) =>
        string.Create(code.Length, code, static (words, from) =>
        {
            from.AsSpan().Replace(words, '_', ' ');
            words[0] = char.ToUpperInvariant(words[0]);
        });
}
