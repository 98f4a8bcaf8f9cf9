using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A change of the password; it requires the current one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ChangePasswordRequest : IRequestBody<ChangePasswordRequest>
{
    /// <summary>The name of the member that the password rules check.</summary>
    public const string NewPasswordName = "new_password";

    [JsonPropertyName("current_password")]
    [Description("The password until now.")]
    [DataType(DataType.Password)]
    public required string CurrentPassword { get; init; }

    [JsonPropertyName(NewPasswordName)]
    [Description("The password from now on. The service may ask for more than the least length, and refuses common ones.")]
    [DataType(DataType.Password)]
    [MinLength(RegisterRequest.LeastPasswordLength)]
    [MaxLength(RegisterRequest.MostPasswordLength)]
    public required string NewPassword { get; init; }

    /// <inheritdoc />
    public static ChangePasswordRequest Create(BodyValues values) =>
        new() { CurrentPassword = values[nameof(CurrentPassword)], NewPassword = values[nameof(NewPassword)] };
}
