namespace Countersign.Tokens;

/// <summary>
/// The content of a token to be made. <see cref="TokenIssuer.Create(TokenDescriptor)"/> adds the claims of its policy (<c>iss</c>, <c>aud</c>,
/// <c>client_id</c>).
/// </summary>
public sealed class TokenDescriptor
{
    /// <summary>The kind of the token.</summary>
    public required TokenType Type { get; init; }

    /// <summary><c>sub</c>: 1 to 255 characters.</summary>
    public required string Subject { get; init; }

    /// <summary><c>iat</c>. Written in whole seconds; a fraction is dropped.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>exp</c>, later than <see cref="IssuedAt"/>. Written in whole seconds; a fraction is dropped.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>sid</c>, the session, written in "D" format; null writes none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary><c>jti</c>: 1 to 255 characters; null writes none.</summary>
    public string? TokenId { get; init; }

    /// <summary><c>auth_time</c>: when the user last authenticated; null writes none.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary><c>amr</c> (RFC 8176): how the user authenticated; null writes none.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary><c>roles</c> (RFC 9068 §2.2.3.1); null writes none.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary><c>epoch</c>: 0 or more; null writes none. When the current epoch is higher, the token is revoked.</summary>
    public long? Epoch { get; init; }

    /// <summary>
    /// <c>rev</c>: 0 or more; null writes none. The number of the revocation feed's last entry, read before the account. If the account's claims change after
    /// that, the feed gets an entry with a higher number, and the token is refused as stale.
    /// </summary>
    public long? Revision { get; init; }

    /// <summary>Further claims, written last and in this order. Their names must differ from the claims that this package writes or checks.</summary>
    public IReadOnlyList<KeyValuePair<string, ClaimValue>>? Claims { get; init; }

    /// <summary>Returns the type's name, never the claims.</summary>
    public override string ToString() => nameof(TokenDescriptor);
}
