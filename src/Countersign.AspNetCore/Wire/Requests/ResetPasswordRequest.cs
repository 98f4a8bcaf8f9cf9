using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Mail;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A new password for an account whose owner has a mail.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ResetPasswordRequest : IRequestBody<ResetPasswordRequest>
{
    [JsonPropertyName("token")]
    [Description("The token from the link in the mail: what follows `#token=`.")]
    [MaxLength(MailTokens.TextLength)]
    public required string Token { get; init; }

    [JsonPropertyName(ChangePasswordRequest.NewPasswordName)]
    [Description("The password from now on. The service may ask for more than the least length, and refuses common ones.")]
    [DataType(DataType.Password)]
    [MinLength(RegisterRequest.LeastPasswordLength)]
    [MaxLength(RegisterRequest.MostPasswordLength)]
    public required string NewPassword { get; init; }

    /// <inheritdoc />
    public static ResetPasswordRequest Create(BodyValues values) => new() { Token = values[nameof(Token)], NewPassword = values[nameof(NewPassword)] };
}
