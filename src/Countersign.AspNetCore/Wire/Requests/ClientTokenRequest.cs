using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A client's request to introspect (RFC 7662 §2.1) or revoke (RFC 7009 §2.1) a token, with the client's credential if no header has it.</summary>
internal sealed class ClientTokenRequest : IRequestBody<ClientTokenRequest>
{
    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Form;

    /// <remarks>It is required, but checked only after the client is authenticated: a caller without a credential learns only that.</remarks>
    [JsonPropertyName("token")]
    [AskedForLater]
    [Description("The token.")]
    public required string Token { get; init; }

    [JsonPropertyName("token_type_hint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("What the client takes it for: `access_token` or `refresh_token`.")]
    public string? TokenTypeHint { get; init; }

    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client's id. Left out where HTTP Basic has it.")]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The client's secret. Left out where HTTP Basic has it, or where there is none.")]
    [DataType(DataType.Password)]
    public string? ClientSecret { get; init; }

    /// <summary>The missing members of a request without a token.</summary>
    public static IReadOnlyList<string> TokenMissing { get; } = ["token"];

    /// <summary>The missing members of a request with a secret but without the client's id.</summary>
    public static IReadOnlyList<string> ClientIdMissing { get; } = ["client_id"];

    /// <inheritdoc />
    public static ClientTokenRequest Create(BodyValues values) => new()
    {
        Token = values.Find(nameof(Token)) ?? string.Empty,
        TokenTypeHint = values.Find(nameof(TokenTypeHint)),
        ClientId = values.Find(nameof(ClientId)),
        ClientSecret = values.Find(nameof(ClientSecret)),
    };
}
