namespace Countersign.Tokens.Jose;

/// <summary>What the claim <c>type</c> says.</summary>
internal enum TypeClaim
{
    Missing = 0,
    Access = TokenType.Access,
    Refresh = TokenType.Refresh,
    Other,
}
