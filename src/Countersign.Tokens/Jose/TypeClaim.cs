namespace Countersign.Tokens.Jose;

internal enum TypeClaim
{
    Missing = 0,
    Access = TokenType.Access,
    Refresh = TokenType.Refresh,
    Other,
}

internal static class TypeClaims
{
    /// <summary>Length of the longest known value in bytes.</summary>
    public const int Longest = 7;

    public static string Write(TokenType type) => type == TokenType.Access ? "access" : "refresh";

    public static TypeClaim Read(ReadOnlySpan<byte> utf8) =>
        utf8.SequenceEqual("access"u8) ? TypeClaim.Access : utf8.SequenceEqual("refresh"u8) ? TypeClaim.Refresh : TypeClaim.Other;
}
