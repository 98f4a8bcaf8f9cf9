using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A request to OAuth's token endpoint (RFC 6749 §6) by a public client.</summary>
internal sealed class TokenRequest : IRequestBody<TokenRequest>
{
    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Form;

    [JsonPropertyName("grant_type")]
    [Description("The grant; `refresh_token` is the one that there is.")]
    public required string GrantType { get; init; }

    [JsonPropertyName("refresh_token")]
    [Description("The token to be exchanged; required with that grant.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("client_id")]
    [Description("The client. Left out if it does not say.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    [JsonPropertyName("scope")]
    [Description("The scope asked for. There are none, so none can be asked for.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The missing members of a request with the grant but without the token.</summary>
    public static IReadOnlyList<string> RefreshTokenMissing { get; } = ["refresh_token"];

    /// <inheritdoc />
    public static TokenRequest Create(BodyValues values) => new()
    {
        GrantType = values[nameof(GrantType)],
        RefreshToken = values.Find(nameof(RefreshToken)),
        ClientId = values.Find(nameof(ClientId)),
        Scope = values.Find(nameof(Scope)),
    };
}
