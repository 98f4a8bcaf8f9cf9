using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.AspNetCore.Identity;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>What an account is told of itself. Every member is always there; what is not known is <c>null</c>.</summary>
internal sealed class UserAnswer(AccountProfile profile) : IAnswerBody<UserAnswer>
{
    /// <inheritdoc />
    public static JsonTypeInfo<UserAnswer> TypeInfo => WireJson.Default.UserAnswer;

    /// <summary>The account's id, the <c>sub</c> of its tokens.</summary>
    [JsonPropertyName("id")]
    public string Id { get; } = profile.Id;

    /// <summary>The e-mail address.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; } = profile.Email;

    /// <summary>Whether the address has been proved.</summary>
    [JsonPropertyName("email_confirmed")]
    public bool EmailConfirmed { get; } = profile.EmailConfirmed;

    /// <summary>What the account is called.</summary>
    [JsonPropertyName("display_name")]
    public string? DisplayName { get; } = profile.DisplayName;

    /// <summary>Whether it may be used.</summary>
    [JsonPropertyName("is_active")]
    public bool IsActive { get; } = profile.IsActive;

    /// <summary>The names of its roles.</summary>
    [JsonPropertyName("roles")]
    public IReadOnlyList<string> Roles { get; } = profile.Roles;

    /// <summary>When it was made.</summary>
    [JsonPropertyName("created_at")]
    public DateTimeOffset? CreatedAt { get; } = profile.CreatedAt;
}
