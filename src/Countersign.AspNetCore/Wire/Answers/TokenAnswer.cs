using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>A pair of tokens (RFC 6749 §5.1).</summary>
internal sealed class TokenAnswer(SessionTokens tokens) : IAnswerBody<TokenAnswer>
{
    /// <inheritdoc />
    public static JsonTypeInfo<TokenAnswer> TypeInfo => WireJson.Default.TokenAnswer;

    /// <summary>Good for every request until it expires.</summary>
    [JsonPropertyName("access_token")]
    public string AccessToken { get; } = tokens.AccessToken;

    /// <summary>Good for one more pair.</summary>
    [JsonPropertyName("refresh_token")]
    public string RefreshToken { get; } = tokens.RefreshToken;

    /// <summary>Always <c>bearer</c>.</summary>
    [JsonPropertyName("token_type")]
    public string TokenType { get; } = "bearer";

    /// <summary>For how many seconds the access token is good.</summary>
    [JsonPropertyName("expires_in")]
    public long ExpiresIn { get; } = (long)tokens.ExpiresIn.TotalSeconds;

    /// <summary>Of two answers, that with the higher one holds.</summary>
    [JsonPropertyName("refresh_generation")]
    public int RefreshGeneration { get; } = tokens.RefreshGeneration;
}
