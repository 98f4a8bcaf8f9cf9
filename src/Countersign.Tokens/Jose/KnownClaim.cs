namespace Countersign.Tokens.Jose;

/// <summary>Claims that are looked at; the number is the bit that says whether it was there.</summary>
internal enum KnownClaim
{
    None = 0,
    Issuer,
    Subject,
    Audience,
    ClientId,
    ExpiresAt,
    NotBefore,
    IssuedAt,
    TokenId,
    SessionId,
    Type,
    AuthenticatedAt,
    Methods,
    Roles,
    Epoch,
    Confirmation,
}
