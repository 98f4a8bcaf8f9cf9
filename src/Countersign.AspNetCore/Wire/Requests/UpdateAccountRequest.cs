using System.Text.Json.Serialization;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>A change of what an account may change of itself.</summary>
internal sealed class UpdateAccountRequest : IRequestBody<UpdateAccountRequest>
{
    private const string DisplayNameName = "display_name";

    /// <inheritdoc />
    public static IReadOnlyList<BodyMember> Members { get; } = [new(DisplayNameName) { TakesNull = true }];

    /// <summary>What the account is called; null for nothing.</summary>
    [JsonPropertyName(DisplayNameName)]
    public string? DisplayName { get; init; }

    /// <inheritdoc />
    public static UpdateAccountRequest Create(BodyValues values) => new() { DisplayName = values.Find(DisplayNameName) };
}
