namespace Countersign.Tokens.Jose;

/// <summary>What the claim <c>type</c> says.</summary>
internal enum TypeClaim
{
    Missing = 0,
    Access = TokenType.Access,
    Refresh = TokenType.Refresh,
    Other,
}

/// <summary>The values of the claim <c>type</c>.</summary>
internal static class TypeClaims
{
    /// <summary>Longest value that is known, in bytes.</summary>
    public const int Longest = 7;

    public static string Write(TokenType type) => type == TokenType.Access ? "access" : "refresh";

    public static TypeClaim Read(ReadOnlySpan<byte> utf8) =>
        utf8.SequenceEqual("access"u8) ? TypeClaim.Access : utf8.SequenceEqual("refresh"u8) ? TypeClaim.Refresh : TypeClaim.Other;
}
