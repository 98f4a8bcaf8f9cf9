using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>The shape of a JWK Set (RFC 7517 §5), for those who describe routes; nothing is made of it.</summary>
internal sealed class KeySetAnswer
{
    [JsonPropertyName("keys")]
    [Description("The keys, in no order.")]
    public required IReadOnlyList<KeyAnswer> Keys { get; init; }
}

/// <summary>A public key (RFC 7518 §6.2), as it is published.</summary>
internal sealed class KeyAnswer
{
    [JsonPropertyName("kty")]
    [Description("The kind of key.")]
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
    [Description("The curve.")]
    public required string Curve { get; init; }

    [JsonPropertyName("x")]
    [Description("The point's first coordinate, base64url.")]
    public required string X { get; init; }

    [JsonPropertyName("y")]
    [Description("The point's second coordinate, base64url.")]
    public required string Y { get; init; }
}
