namespace Countersign.Tokens;

/// <summary>
/// What a token shall say; <see cref="TokenIssuer.Create(TokenDescriptor)"/> adds what its policy says (<c>iss</c>, <c>aud</c>, <c>client_id</c>).
/// </summary>
public sealed class TokenDescriptor
{
    /// <summary>Which kind of token.</summary>
    public required TokenType Type { get; init; }

    /// <summary><c>sub</c>: 1 to 255 characters.</summary>
    public required string Subject { get; init; }

    /// <summary><c>iat</c>. Written in whole seconds, the fraction dropped.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>exp</c>, after <see cref="IssuedAt"/>. Written in whole seconds, the fraction dropped.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>sid</c>, the session, written in "D" format; null writes none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary><c>jti</c>: 1 to 255 characters; null writes none.</summary>
    public string? TokenId { get; init; }

    /// <summary><c>auth_time</c>: when the user last proved who they are; null writes none.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary><c>amr</c> (RFC 8176): how they proved it; null writes none.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary><c>roles</c> (RFC 9068 §2.2.3.1); null writes none.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary><c>epoch</c>: the number below which every token is revoked, 0 or more; null writes none.</summary>
    public long? Epoch { get; init; }

    /// <summary>Further claims, written last and in this order. None may have the name of a claim that this package writes or checks.</summary>
    public IReadOnlyList<KeyValuePair<string, ClaimValue>>? Claims { get; init; }

    /// <summary>The type's name; never the claims.</summary>
    public override string ToString() => nameof(TokenDescriptor);
}
