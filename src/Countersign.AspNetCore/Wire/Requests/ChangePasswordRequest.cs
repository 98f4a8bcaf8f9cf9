using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A change of password, by someone who knows the current one.</summary>
internal sealed class ChangePasswordRequest : IRequestBody<ChangePasswordRequest>
{
    /// <summary>The name of the member whose faults the rules find.</summary>
    public const string NewPasswordName = "new_password";

    private const string CurrentPasswordName = "current_password";

    /// <inheritdoc />
    public static IReadOnlyList<BodyMember> Members { get; } = [new(CurrentPasswordName), new(NewPasswordName)];

    /// <summary>The password until now.</summary>
    [JsonPropertyName(CurrentPasswordName)]
    public required string CurrentPassword { get; init; }

    /// <summary>The password from now on.</summary>
    [JsonPropertyName(NewPasswordName)]
    public required string NewPassword { get; init; }

    /// <inheritdoc />
    public static ChangePasswordRequest Create(BodyValues values) =>
        new() { CurrentPassword = values[CurrentPasswordName], NewPassword = values[NewPasswordName] };
}
