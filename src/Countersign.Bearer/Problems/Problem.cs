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

    /// <summary>The stable reason code: the member <c>code</c>, and the end of the member <c>type</c> where the app serves pages.</summary>
    public string Code { get; }

    /// <summary>Whether the code and the detail are the app's own. Such a problem never has a page.</summary>
    public bool IsOfTheApp { get; init; }

    /// <summary>The code in words.</summary>
    public string Summary => InWords(Code);

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

    /// <summary>
    /// The members <c>type</c> and <c>title</c>: the page of the code, and the code in words, which is the same for every occurrence (RFC 9457 §3.1.3). Without
    /// a page they are <c>about:blank</c> and the status in words (RFC 9457 §4.2.1).
    /// </summary>
    /// <param name="pages">The path of the pages, see <see cref="ProblemPages.Address"/>.</param>
    public (string Type, string Title) Identify(string? pages) =>
        pages is null || IsOfTheApp ? ("about:blank", ReasonPhrases.GetReasonPhrase(Status)) : (pages + Code, Summary);

    /// <summary>Turns a code into words: <c>token_expired</c> into <c>Token expired</c>.</summary>
    internal static string InWords(string code) =>
        string.Create(code.Length, code, static (words, from) =>
        {
            from.AsSpan().Replace(words, '_', ' ');
            words[0] = char.ToUpperInvariant(words[0]);
        });
}
