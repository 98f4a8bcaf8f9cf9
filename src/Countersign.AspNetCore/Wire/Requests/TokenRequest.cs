using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A request of OAuth's token endpoint (RFC 6749 §6), by a public client.</summary>
internal sealed class TokenRequest : IRequestBody<TokenRequest>
{
    private const string GrantTypeName = "grant_type";
    private const string RefreshTokenName = "refresh_token";
    private const string ClientIdName = "client_id";
    private const string ScopeName = "scope";

    /// <inheritdoc />
    public static IReadOnlyList<BodyMember> Members { get; } =
        [new(GrantTypeName), new(RefreshTokenName) { IsOptional = true }, new(ClientIdName) { IsOptional = true }, new(ScopeName) { IsOptional = true }];

    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Form;

    [JsonPropertyName(GrantTypeName)]
    [Description("The grant; `refresh_token` is the one that there is.")]
    public required string GrantType { get; init; }

    [JsonPropertyName(RefreshTokenName)]
    [Description("The token to be exchanged; required with that grant.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName(ClientIdName)]
    [Description("The client. Left out if it does not say.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    [JsonPropertyName(ScopeName)]
    [Description("The scope asked for. There are none, so none can be asked for.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The fault of a request with the grant and without the token.</summary>
    public static IReadOnlyList<string> RefreshTokenMissing { get; } = [RefreshTokenName];

    /// <inheritdoc />
    public static TokenRequest Create(BodyValues values) => new()
    {
        GrantType = values[GrantTypeName],
        RefreshToken = values.Find(RefreshTokenName),
        ClientId = values.Find(ClientIdName),
        Scope = values.Find(ScopeName),
    };
}
