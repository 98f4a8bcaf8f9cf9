using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>The shape of a JWK Set (RFC 7517 §5), for descriptions of routes. It is never instantiated.</summary>
internal sealed class KeySetResponse
{
    [JsonPropertyName("keys")]
    [Description("The keys, in no order.")]
    public required IReadOnlyList<KeyResponse> Keys { get; init; }
}

/// <summary>The shape of a published public key (RFC 7518 §6.2, §6.3).</summary>
internal sealed class KeyResponse
{
    [JsonPropertyName("kty")]
    [Description("The kind of key: `EC` or `RSA`.")]
    public required string KeyType { get; init; }

    [JsonPropertyName("use")]
    [Description("Always `sig`.")]
    public required string Use { get; init; }

    [JsonPropertyName("alg")]
    [Description("The algorithm that the key is used with.")]
    public required string Algorithm { get; init; }

    [JsonPropertyName("kid")]
    [Description("The key's id, which a token's header names.")]
    public required string KeyId { get; init; }

    [JsonPropertyName("crv")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The curve of an EC key.")]
    public string? Curve { get; init; }

    [JsonPropertyName("x")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The first coordinate of an EC key's point, base64url.")]
    public string? X { get; init; }

    [JsonPropertyName("y")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The second coordinate of an EC key's point, base64url.")]
    public string? Y { get; init; }

    [JsonPropertyName("n")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The modulus of an RSA key, base64url.")]
    public string? Modulus { get; init; }

    [JsonPropertyName("e")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The exponent of an RSA key, base64url.")]
    public string? Exponent { get; init; }
}
