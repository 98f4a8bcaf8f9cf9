using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A request to exchange a refresh token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class RefreshRequest : IRequestBody<RefreshRequest>
{
    [JsonPropertyName("refresh_token")]
    [Description("The newest refresh token.")]
    public required string RefreshToken { get; init; }

    /// <inheritdoc />
    public static RefreshRequest Create(BodyValues values) => new() { RefreshToken = values[nameof(RefreshToken)] };
}
