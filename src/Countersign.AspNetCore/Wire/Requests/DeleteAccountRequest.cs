using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>The deletion of an account; it requires the password.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class DeleteAccountRequest : IRequestBody<DeleteAccountRequest>
{
    [JsonPropertyName("current_password")]
    [Description("The password.")]
    [DataType(DataType.Password)]
    public required string CurrentPassword { get; init; }

    /// <inheritdoc />
    public static DeleteAccountRequest Create(BodyValues values) => new() { CurrentPassword = values[nameof(CurrentPassword)] };
}
