using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>The shape of what <see cref="IntrospectionAnswer"/> writes, for those who describe routes; nothing is made of it.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed class IntrospectionDocument
{
    [JsonPropertyName("active")]
    [Description("Whether the token is good now. If not, there is no other member.")]
    public required bool Active { get; init; }

    [JsonPropertyName("token_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("`Bearer` for an access token, `refresh_token` for a refresh token that was asked for as one.")]
    public string? TokenType { get; init; }

    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client that the token was issued to.")]
    public string? ClientId { get; init; }

    [JsonPropertyName("sub")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The account's id.")]
    public string? Subject { get; init; }

    [JsonPropertyName("aud")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Whom the token is for: one audience, or a list of them where the token has a list. Not of a refresh token.")]
    public object? Audience { get; init; }

    [JsonPropertyName("iss")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The issuer.")]
    public string? Issuer { get; init; }

    [JsonPropertyName("exp")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("From when on the token is refused, in seconds since 1970.")]
    public long ExpiresAt { get; init; }

    [JsonPropertyName("iat")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("When it was issued.")]
    public long IssuedAt { get; init; }

    [JsonPropertyName("nbf")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("From when on it is good; mostly not there.")]
    public long NotBefore { get; init; }

    [JsonPropertyName("jti")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The token's id. Not of a refresh token.")]
    public string? TokenId { get; init; }

    [JsonPropertyName("sid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The session's id.")]
    public Guid? SessionId { get; init; }

    [JsonPropertyName("auth_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("When the account last proved who it is. Not of a refresh token.")]
    public long AuthenticatedAt { get; init; }

    [JsonPropertyName("amr")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("How it did that (RFC 8176). Not of a refresh token.")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName("roles")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The account's roles when the token was issued. Not of a refresh token.")]
    public IReadOnlyList<string>? Roles { get; init; }
}
