using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>
/// The metadata of a service (RFC 8414 §2, OpenID Connect Discovery 1.0 §3). All of it comes from the configuration, nothing from the request.
/// </summary>
internal sealed class MetadataResponse
{
    [JsonPropertyName("issuer")]
    [Description("The issuer, byte for byte the `iss` of its tokens.")]
    public required string Issuer { get; init; }

    [JsonPropertyName("jwks_uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where its keys are. Left out where the app has not mapped that route.")]
    public string? JwksUri { get; init; }

    [JsonPropertyName("token_endpoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where tokens are exchanged. Left out where the app has not mapped that route.")]
    public string? TokenEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where clients ask of tokens (RFC 7662). Left out where the app has not mapped that route.")]
    public string? IntrospectionEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("How they say who they are.")]
    public IReadOnlyList<string>? IntrospectionEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("revocation_endpoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where clients give tokens back (RFC 7009). Left out where the app has not mapped that route.")]
    public string? RevocationEndpoint { get; init; }

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("How they say who they are; `none` is the public client.")]
    public IReadOnlyList<string>? RevocationEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("grant_types_supported")]
    [Description("The grants of the token endpoint; empty where the app has not mapped that route.")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    [JsonPropertyName("response_types_supported")]
    [Description("None: there is no authorization endpoint.")]
    public required IReadOnlyList<string> ResponseTypesSupported { get; init; }

    [JsonPropertyName("subject_types_supported")]
    [Description("One account is one subject for all.")]
    public required IReadOnlyList<string> SubjectTypesSupported { get; init; }

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    [Description("The algorithms of the published keys.")]
    public required IReadOnlyList<string> SigningAlgorithms { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Clients of the token endpoint are public ones. Left out where the app has not mapped that route.")]
    public IReadOnlyList<string>? TokenEndpointAuthMethodsSupported { get; init; }
}
