using Countersign.Bearer.Problems;

namespace Countersign.Bearer;

/// <summary>
/// What a request sent as its token: nothing, something malformed, or a text. A <see cref="BearerScheme"/> decides whether the text is valid.
/// </summary>
/// <remarks>The zero value is a request without a token. This is not a record, because a record would print the token.</remarks>
internal readonly struct BearerCredential
{
    private BearerCredential(ReadOnlyMemory<char> token, Problem? problem, bool isSent)
    {
        Token = token;
        Problem = problem;
        IsSent = isSent;
    }

    /// <summary>Whether there is a text to check. The text may be empty.</summary>
    public bool IsSent { get; }

    /// <summary>The text, without the scheme and spaces.</summary>
    public ReadOnlyMemory<char> Token { get; }

    /// <summary>Why the request is refused before the text is checked; null otherwise.</summary>
    public Problem? Problem { get; }

    public static BearerCredential Sent(ReadOnlyMemory<char> token) => new(token, problem: null, isSent: true);

    public static BearerCredential Malformed(Problem problem) => new(default, problem, isSent: false);
}
