using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A login: as the OAuth2 password form of a documentation page sends it, or the same in JSON.</summary>
internal sealed class LoginRequest : IRequestBody<LoginRequest>
{
    private const string UsernameName = "username";
    private const string PasswordName = "password";

    /// <inheritdoc />
    public static IReadOnlyList<BodyMember> Members { get; } = [new(UsernameName), new(PasswordName)];

    /// <inheritdoc />
    public static BodyForms Forms => BodyForms.Json | BodyForms.Form;

    /// <summary>The account's e-mail address or user name.</summary>
    [JsonPropertyName(UsernameName)]
    public required string Username { get; init; }

    /// <summary>The password.</summary>
    [JsonPropertyName(PasswordName)]
    public required string Password { get; init; }

    /// <inheritdoc />
    public static LoginRequest Create(BodyValues values) => new() { Username = values[UsernameName], Password = values[PasswordName] };
}
