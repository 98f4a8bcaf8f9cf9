using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>A pair of tokens (RFC 6749 §5.1). Attributes describe the members to clients; every generator of descriptions reads them.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed class TokenResponse : IResponseBody<TokenResponse>
{
    /// <inheritdoc />
    public static JsonTypeInfo<TokenResponse> TypeInfo => WireJson.Default.TokenResponse;

    [JsonPropertyName("access_token")]
    [Description("A JWT, good for every request until it expires.")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("refresh_token")]
    [Description("Good for one more pair.")]
    public required string RefreshToken { get; init; }

    [JsonPropertyName("token_type")]
    [Description("Always `bearer`.")]
    public required string TokenType { get; init; }

    [JsonPropertyName("expires_in")]
    [Description("For how many seconds the access token is good.")]
    public required long ExpiresIn { get; init; }

    [JsonPropertyName("refresh_generation")]
    [Description("Of two answers for one session, that with the higher one holds.")]
    public required int RefreshGeneration { get; init; }

    public static TokenResponse Of(SessionTokens tokens) => new()
    {
        AccessToken = tokens.AccessToken,
        RefreshToken = tokens.RefreshToken,
        TokenType = "bearer",
        ExpiresIn = (long)tokens.ExpiresIn.TotalSeconds,
        RefreshGeneration = tokens.RefreshGeneration,
    };
}
