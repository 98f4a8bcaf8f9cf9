using Countersign.Bearer.Problems;

namespace Countersign.Bearer;

/// <summary>
/// What a request has sent as its token: none, something that is no token, or a text. Whether the text is good, a <see cref="BearerScheme"/> says.
/// </summary>
/// <remarks>The zero value is a request without a token. Not a record, which would print the token.</remarks>
internal readonly struct BearerCredential
{
    private BearerCredential(ReadOnlyMemory<char> token, Problem? problem, bool isSent)
    {
        Token = token;
        Problem = problem;
        IsSent = isSent;
    }

    /// <summary>Whether there is a text to check, which may be empty.</summary>
    public bool IsSent { get; }

    /// <summary>The text, with nothing around it.</summary>
    public ReadOnlyMemory<char> Token { get; }

    /// <summary>Why the request is refused without a look at any text; null where it is not.</summary>
    public Problem? Problem { get; }

    public static BearerCredential Sent(ReadOnlyMemory<char> token) => new(token, problem: null, isSent: true);

    public static BearerCredential Malformed(Problem problem) => new(default, problem, isSent: false);
}
