using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A login: the OAuth2 password form that a documentation page sends, or the same members in JSON.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class LoginRequest : IRequestBody<LoginRequest>
{
    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Json | BodyForms.Form;

    [JsonPropertyName("username")]
    [Description("The account's e-mail address or user name.")]
    public required string Username { get; init; }

    [JsonPropertyName("password")]
    [Description("The password.")]
    [DataType(DataType.Password)]
    public required string Password { get; init; }

    [JsonPropertyName("refresh_token")]
    [Description(
        "A refresh token of the account that an earlier login gave, also an expired one: guesses of strangers do not delay this login then. "
        + "One that is not genuine "
        + "changes nothing.")]
    public string? RefreshToken { get; init; }

    /// <inheritdoc />
    public static LoginRequest Create(BodyValues values) =>
        new() { Username = values[nameof(Username)], Password = values[nameof(Password)], RefreshToken = values.Find(nameof(RefreshToken)) };
}
