using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>The data of an account for the account itself. Every member is always present; an unknown value is <c>null</c>.</summary>
internal sealed class UserResponse : IResponseBody<UserResponse>
{
    /// <inheritdoc />
    public static JsonTypeInfo<UserResponse> TypeInfo => WireJson.Default.UserResponse;

    [JsonPropertyName("id")]
    [Description("The account's id, the `sub` of its tokens.")]
    public required string Id { get; init; }

    [JsonPropertyName("email")]
    [Description("The e-mail address.")]
    public required string? Email { get; init; }

    [JsonPropertyName("email_confirmed")]
    [Description("Whether the address has been proved.")]
    public required bool EmailConfirmed { get; init; }

    [JsonPropertyName("display_name")]
    [Description("What the account is called.")]
    public required string? DisplayName { get; init; }

    [JsonPropertyName("is_active")]
    [Description("Whether it may be used.")]
    public required bool IsActive { get; init; }

    [JsonPropertyName("roles")]
    [Description("The names of its roles.")]
    public required IReadOnlyList<string> Roles { get; init; }

    [JsonPropertyName("created_at")]
    [Description("When it was made.")]
    public required DateTimeOffset? CreatedAt { get; init; }

    public static UserResponse Of(AccountProfile profile) => new()
    {
        Id = profile.Id,
        Email = profile.Email,
        EmailConfirmed = profile.EmailConfirmed,
        DisplayName = profile.DisplayName,
        IsActive = profile.IsActive,
        Roles = profile.Roles,
        CreatedAt = profile.CreatedAt,
    };
}
