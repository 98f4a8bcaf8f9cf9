using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A sign-up. Nothing else of an account can be set by who makes it.</summary>
internal sealed class RegisterRequest : IRequestBody<RegisterRequest>
{
    /// <summary>The name of the member whose faults the rules find.</summary>
    public const string PasswordName = "password";

    private const string EmailName = "email";
    private const string DisplayNameName = "display_name";

    /// <inheritdoc />
    public static IReadOnlyList<BodyMember> Members { get; } =
        [new(EmailName), new(PasswordName), new(DisplayNameName) { IsOptional = true, TakesNull = true }];

    /// <summary>The e-mail address.</summary>
    [JsonPropertyName(EmailName)]
    public required string Email { get; init; }

    /// <summary>The password.</summary>
    [JsonPropertyName(PasswordName)]
    public required string Password { get; init; }

    /// <summary>What the account is called; null for nothing.</summary>
    [JsonPropertyName(DisplayNameName)]
    public string? DisplayName { get; init; }

    /// <inheritdoc />
    public static RegisterRequest Create(BodyValues values) =>
        new() { Email = values[EmailName], Password = values[PasswordName], DisplayName = values.Find(DisplayNameName) };
}
