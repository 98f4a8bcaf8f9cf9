using System.ComponentModel;
using System.Text.Json.Serialization;
using Countersign.Tokens.Jose;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>The shape of <see cref="IntrospectionResponse"/>, for descriptions of routes. It is never instantiated.</summary>
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

    [JsonPropertyName(ClaimNames.ClientId)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client that the token was issued to.")]
    public string? ClientId { get; init; }

    [JsonPropertyName(ClaimNames.Subject)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The account's id.")]
    public string? Subject { get; init; }

    [JsonPropertyName(ClaimNames.Audience)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Whom the token is for: one audience, or a list of them where the token has a list. Not of a refresh token.")]
    public object? Audience { get; init; }

    [JsonPropertyName(ClaimNames.Issuer)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The issuer.")]
    public string? Issuer { get; init; }

    [JsonPropertyName(ClaimNames.ExpiresAt)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("From when on the token is refused, in seconds since 1970.")]
    public long ExpiresAt { get; init; }

    [JsonPropertyName(ClaimNames.IssuedAt)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("When it was issued.")]
    public long IssuedAt { get; init; }

    [JsonPropertyName(ClaimNames.NotBefore)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("From when on it is good; mostly not there.")]
    public long NotBefore { get; init; }

    [JsonPropertyName(ClaimNames.TokenId)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The token's id. Not of a refresh token.")]
    public string? TokenId { get; init; }

    [JsonPropertyName(ClaimNames.SessionId)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The session's id.")]
    public Guid? SessionId { get; init; }

    [JsonPropertyName(ClaimNames.AuthenticatedAt)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("When the account last proved who it is. Not of a refresh token.")]
    public long AuthenticatedAt { get; init; }

    [JsonPropertyName(ClaimNames.Methods)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("How it did that (RFC 8176). Not of a refresh token.")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName(ClaimNames.Roles)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The account's roles when the token was issued. Not of a refresh token.")]
    public IReadOnlyList<string>? Roles { get; init; }
}
