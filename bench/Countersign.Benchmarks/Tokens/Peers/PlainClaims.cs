using System.Text.Json.Serialization;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>The claims as a class of the application, for libraries that leave the checks to it. The names work with both serializers.</summary>
internal sealed class PlainClaims
{
    [JsonPropertyName("iss")]
    [Newtonsoft.Json.JsonProperty("iss")]
    public string? Issuer { get; init; }

    [JsonPropertyName("sub")]
    [Newtonsoft.Json.JsonProperty("sub")]
    public string? Subject { get; init; }

    [JsonPropertyName("aud")]
    [Newtonsoft.Json.JsonProperty("aud")]
    public string? Audience { get; init; }

    [JsonPropertyName("client_id")]
    [Newtonsoft.Json.JsonProperty("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("exp")]
    [Newtonsoft.Json.JsonProperty("exp")]
    public long ExpiresAt { get; init; }

    [JsonPropertyName("iat")]
    [Newtonsoft.Json.JsonProperty("iat")]
    public long IssuedAt { get; init; }

    [JsonPropertyName("jti")]
    [Newtonsoft.Json.JsonProperty("jti")]
    public string? TokenId { get; init; }

    [JsonPropertyName("sid")]
    [Newtonsoft.Json.JsonProperty("sid")]
    public Guid SessionId { get; init; }

    [JsonPropertyName("type")]
    [Newtonsoft.Json.JsonProperty("type")]
    public string? Type { get; init; }

    [JsonPropertyName("auth_time")]
    [Newtonsoft.Json.JsonProperty("auth_time")]
    public long AuthenticatedAt { get; init; }

    [JsonPropertyName("amr")]
    [Newtonsoft.Json.JsonProperty("amr")]
    public IReadOnlyList<string>? Methods { get; init; }

    [JsonPropertyName("roles")]
    [Newtonsoft.Json.JsonProperty("roles")]
    public IReadOnlyList<string>? Roles { get; init; }

    public static PlainClaims Of(SampleToken sample) => new()
    {
        Issuer = SampleToken.Issuer,
        Subject = sample.Subject,
        Audience = SampleToken.Audience,
        ClientId = SampleToken.ClientId,
        ExpiresAt = sample.ExpiresAt.ToUnixTimeSeconds(),
        IssuedAt = sample.IssuedAt.ToUnixTimeSeconds(),
        TokenId = sample.TokenId,
        SessionId = sample.SessionId,
        Type = "access",
        AuthenticatedAt = sample.IssuedAt.ToUnixTimeSeconds(),
        Methods = SampleToken.Methods,
        Roles = SampleToken.Roles,
    };

    public bool IsGood(string? typ) => ExpiresAt > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
        && string.Equals(Issuer, SampleToken.Issuer, StringComparison.Ordinal)
        && string.Equals(Audience, SampleToken.Audience, StringComparison.Ordinal)
        && string.Equals(typ, SampleToken.Typ, StringComparison.Ordinal);
}
