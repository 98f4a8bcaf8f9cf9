using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A logout by a refresh token or, without a body, by the request's bearer token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class LogoutRequest : IRequestBody<LogoutRequest>
{
    /// <inheritdoc />
    public static bool IsOptional => true;

    [JsonPropertyName("refresh_token")]
    [Description("The refresh token. Left out where the bearer token says which session it is.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    /// <inheritdoc />
    public static LogoutRequest Create(BodyValues values) => new() { RefreshToken = values.Find(nameof(RefreshToken)) };
}
