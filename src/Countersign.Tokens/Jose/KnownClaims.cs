namespace Countersign.Tokens.Jose;

/// <summary>The names of the claims that are looked at.</summary>
internal static class KnownClaims
{
    /// <summary>Finds a name of any length but three.</summary>
    public static KnownClaim FindLong(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8) ? KnownClaim.Type : KnownClaim.None,
        5 => name.SequenceEqual("roles"u8) ? KnownClaim.Roles : name.SequenceEqual("epoch"u8) ? KnownClaim.Epoch : KnownClaim.None,
        9 => name.SequenceEqual("client_id"u8) ? KnownClaim.ClientId : name.SequenceEqual("auth_time"u8) ? KnownClaim.AuthenticatedAt : KnownClaim.None,
        _ => KnownClaim.None,
    };

    /// <summary>Finds a name of three letters, which are compared at once.</summary>
    public static KnownClaim FindShort(ReadOnlySpan<byte> name) => ((uint)name[0] << 16 | (uint)name[1] << 8 | name[2]) switch
    {
        (uint)'i' << 16 | (uint)'s' << 8 | 's' => KnownClaim.Issuer,
        (uint)'s' << 16 | (uint)'u' << 8 | 'b' => KnownClaim.Subject,
        (uint)'a' << 16 | (uint)'u' << 8 | 'd' => KnownClaim.Audience,
        (uint)'e' << 16 | (uint)'x' << 8 | 'p' => KnownClaim.ExpiresAt,
        (uint)'n' << 16 | (uint)'b' << 8 | 'f' => KnownClaim.NotBefore,
        (uint)'i' << 16 | (uint)'a' << 8 | 't' => KnownClaim.IssuedAt,
        (uint)'j' << 16 | (uint)'t' << 8 | 'i' => KnownClaim.TokenId,
        (uint)'s' << 16 | (uint)'i' << 8 | 'd' => KnownClaim.SessionId,
        (uint)'a' << 16 | (uint)'m' << 8 | 'r' => KnownClaim.Methods,
        (uint)'c' << 16 | (uint)'n' << 8 | 'f' => KnownClaim.Confirmation,
        _ => KnownClaim.None,
    };
}
