using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A change of the properties that an account may change itself.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class UpdateAccountRequest : IRequestBody<UpdateAccountRequest>
{
    [JsonPropertyName("display_name")]
    [Description("What the account is called; null for nothing.")]
    [MinLength(1)]
    [MaxLength(AccountText.MaxDisplayNameLength)]
    public required string? DisplayName { get; init; }

    /// <inheritdoc />
    public static UpdateAccountRequest Create(BodyValues values) => new() { DisplayName = values.Find(nameof(DisplayName)) };
}
