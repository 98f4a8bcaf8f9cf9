using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Mail;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>The confirmation of an e-mail address. It takes the password too: somebody else may have signed up with this address.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ConfirmEmailRequest : IRequestBody<ConfirmEmailRequest>
{
    [JsonPropertyName("token")]
    [Description("The token from the link in the mail: what follows `#token=`.")]
    [MaxLength(MailTokens.TextLength)]
    public required string Token { get; init; }

    [JsonPropertyName(RegisterRequest.PasswordName)]
    [Description("The password of the account.")]
    [DataType(DataType.Password)]
    public required string Password { get; init; }

    /// <inheritdoc />
    public static ConfirmEmailRequest Create(BodyValues values) => new() { Token = values[nameof(Token)], Password = values[nameof(Password)] };
}
