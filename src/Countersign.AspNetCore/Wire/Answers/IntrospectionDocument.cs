using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>The shape of what <see cref="IntrospectionAnswer"/> writes, for those who describe routes; nothing is made of it.</summary>
internal sealed class IntrospectionDocument
{
    /// <summary>Whether the token is good now. If not, there is no other member.</summary>
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    /// <summary><c>Bearer</c> for an access token, <c>refresh_token</c> for a refresh token that was asked for as one.</summary>
    [JsonPropertyName("token_type")]
    public string? TokenType { get; init; }

    /// <summary>The client that the token was issued to.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>The account's id.</summary>
    [JsonPropertyName("sub")]
    public string? Subject { get; init; }

    /// <summary>Whom the token is for: one audience, or a list of them where the token has a list. Not of a refresh token.</summary>
    [JsonPropertyName("aud")]
    public string? Audience { get; init; }

    /// <summary>The issuer.</summary>
    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    /// <summary>From when on the token is refused, in seconds since 1970.</summary>
    [JsonPropertyName("exp")]
    public long? ExpiresAt { get; init; }

    /// <summary>When it was issued.</summary>
    [JsonPropertyName("iat")]
    public long? IssuedAt { get; init; }

    /// <summary>From when on it is good; mostly not there.</summary>
    [JsonPropertyName("nbf")]
    public long? NotBefore { get; init; }

    /// <summary>The token's id. Not of a refresh token.</summary>
    [JsonPropertyName("jti")]
    public string? TokenId { get; init; }

    /// <summary>The session's id.</summary>
    [JsonPropertyName("sid")]
    public Guid? SessionId { get; init; }

    /// <summary>When the account last proved who it is. Not of a refresh token.</summary>
    [JsonPropertyName("auth_time")]
    public long? AuthenticatedAt { get; init; }

    /// <summary>How it did that (RFC 8176). Not of a refresh token.</summary>
    [JsonPropertyName("amr")]
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>The account's roles when the token was issued. Not of a refresh token.</summary>
    [JsonPropertyName("roles")]
    public IReadOnlyList<string>? Roles { get; init; }
}
