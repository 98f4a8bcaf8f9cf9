using System.ComponentModel;
using System.Text.Json.Serialization;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>One of the account's live sessions.</summary>
internal sealed class SessionResponse
{
    [JsonPropertyName("id")]
    [Description("The session's id, the `sid` of its tokens.")]
    public required Guid Id { get; init; }

    [JsonPropertyName("created_at")]
    [Description("When it began.")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("refreshed_at")]
    [Description("When it was last refreshed; null if never.")]
    public required DateTimeOffset? RefreshedAt { get; init; }

    [JsonPropertyName("expires_at")]
    [Description("Its end, however often it is refreshed.")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("idle_expires_at")]
    [Description("Its end if it is not refreshed before.")]
    public required DateTimeOffset IdleExpiresAt { get; init; }

    [JsonPropertyName("ip_address")]
    [Description("From where it began.")]
    public required string? IpAddress { get; init; }

    [JsonPropertyName("user_agent")]
    [Description("With what program it began.")]
    public required string? UserAgent { get; init; }

    [JsonPropertyName("label")]
    [Description("A name to know it by, such as `Firefox on Windows`: what the program said of itself, and no proof of anything.")]
    public required string? Label { get; init; }

    [JsonPropertyName("current")]
    [Description("Whether it is the one that asks.")]
    public required bool Current { get; init; }

    public static SessionResponse Of(Session session, Guid? current) => new()
    {
        Id = session.Id,
        CreatedAt = session.CreatedAt,
        RefreshedAt = session.State.RefreshedAt,
        ExpiresAt = session.ExpiresAt,
        IdleExpiresAt = session.State.IdleExpiresAt,
        IpAddress = session.IpAddress,
        UserAgent = session.UserAgent,
        Label = session.Label,
        Current = session.Id == current,
    };
}
