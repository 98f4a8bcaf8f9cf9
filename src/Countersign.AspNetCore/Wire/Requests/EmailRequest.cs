using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A request for a mail to an address.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class EmailRequest : IRequestBody<EmailRequest>
{
    [JsonPropertyName("email")]
    [Description("The e-mail address of the account.")]
    [DataType(DataType.EmailAddress)]
    [MaxLength(EmailAddress.MaxBytes)]
    public required string Email { get; init; }

    /// <inheritdoc />
    public static EmailRequest Create(BodyValues values) => new() { Email = values[nameof(Email)] };
}
