using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>What a client says about a token that it asks of (RFC 7662 §2.1) or gives back (RFC 7009 §2.1), and who it is if no header says that.</summary>
internal sealed class ClientTokenRequest : IRequestBody<ClientTokenRequest>
{
    private const string TokenName = "token";
    private const string TokenTypeHintName = "token_type_hint";
    private const string ClientIdName = "client_id";
    private const string ClientSecretName = "client_secret";

    /// <inheritdoc />
    /// <remarks>The token is required, and asked for only once the client is known: a caller without a credential is told just that.</remarks>
    public static IReadOnlyList<BodyMember> Members { get; } =
    [
        new(TokenName) { IsOptional = true },
        new(TokenTypeHintName) { IsOptional = true },
        new(ClientIdName) { IsOptional = true },
        new(ClientSecretName) { IsOptional = true },
    ];

    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Form;

    [JsonPropertyName(TokenName)]
    [Description("The token.")]
    public required string Token { get; init; }

    [JsonPropertyName(TokenTypeHintName)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("What the client takes it for: `access_token` or `refresh_token`.")]
    public string? TokenTypeHint { get; init; }

    [JsonPropertyName(ClientIdName)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client's id. Left out where HTTP Basic has it.")]
    public string? ClientId { get; init; }

    [JsonPropertyName(ClientSecretName)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client's secret. Left out where HTTP Basic has it, or where there is none.")]
    [DataType(DataType.Password)]
    public string? ClientSecret { get; init; }

    /// <summary>The fault of a request without a token.</summary>
    public static IReadOnlyList<string> TokenMissing { get; } = [TokenName];

    /// <summary>The fault of a request with a secret and without the id that it belongs to.</summary>
    public static IReadOnlyList<string> ClientIdMissing { get; } = [ClientIdName];

    /// <inheritdoc />
    public static ClientTokenRequest Create(BodyValues values) => new()
    {
        Token = values.Find(TokenName) ?? string.Empty,
        TokenTypeHint = values.Find(TokenTypeHintName),
        ClientId = values.Find(ClientIdName),
        ClientSecret = values.Find(ClientSecretName),
    };
}
