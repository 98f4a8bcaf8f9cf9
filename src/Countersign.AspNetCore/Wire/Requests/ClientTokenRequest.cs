using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>What a client says about a token that it asks of (RFC 7662 §2.1) or gives back (RFC 7009 §2.1), and who it is if no header says that.</summary>
internal sealed class ClientTokenRequest : IRequestBody<ClientTokenRequest>
{
    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Form;

    /// <remarks>It is required, and asked for only once the client is known: a caller without a credential is told just that.</remarks>
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

    /// <summary>The fault of a request without a token.</summary>
    public static IReadOnlyList<string> TokenMissing { get; } = ["token"];

    /// <summary>The fault of a request with a secret and without the id that it belongs to.</summary>
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
