using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A sign-up. Its caller can't set any other property of the account.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class RegisterRequest : IRequestBody<RegisterRequest>
{
    /// <summary>The name of the member that the password rules check.</summary>
    public const string PasswordName = "password";

    /// <summary>The least value that <c>MinimumLength</c> of the password rules can have.</summary>
    public const int LeastPasswordLength = 8;

    /// <summary>The greatest value that <c>MaxBytes</c> of the password rules can have. A password of so many bytes can't have more characters.</summary>
    public const int MostPasswordLength = 4096;

    [JsonPropertyName("email")]
    [Description("The e-mail address.")]
    [DataType(DataType.EmailAddress)]
    [MaxLength(EmailAddress.MaxBytes)]
    public required string Email { get; init; }

    [JsonPropertyName(PasswordName)]
    [Description("The password. The service may ask for more than the least length, and refuses common ones.")]
    [DataType(DataType.Password)]
    [MinLength(LeastPasswordLength)]
    [MaxLength(MostPasswordLength)]
    public required string Password { get; init; }

    [JsonPropertyName("display_name")]
    [Description("What the account is called; null for nothing.")]
    [MinLength(1)]
    [MaxLength(AccountText.MaxDisplayNameLength)]
    public string? DisplayName { get; init; }

    /// <inheritdoc />
    public static RegisterRequest Create(BodyValues values) =>
        new() { Email = values[nameof(Email)], Password = values[nameof(Password)], DisplayName = values.Find(nameof(DisplayName)) };
}
