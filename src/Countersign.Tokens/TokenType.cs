namespace Countersign.Tokens;

/// <summary>
/// The two kinds of tokens. Each has its own <c>typ</c> in the header and its own <c>type</c> claim. One is never accepted as the other (RFC 8725 §3.11).
/// </summary>
public enum TokenType
{
    /// <summary>A short-lived token for protected routes: <c>typ</c> <c>at+jwt</c> (RFC 9068 §2.1), claim <c>type</c> <c>access</c>.</summary>
    Access = 1,

    /// <summary>A long-lived token that only gets new tokens: <c>typ</c> <c>rt+jwt</c>, claim <c>type</c> <c>refresh</c>.</summary>
    Refresh = 2,
}
