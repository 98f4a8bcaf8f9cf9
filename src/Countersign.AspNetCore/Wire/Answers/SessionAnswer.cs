using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>One of the account's live sessions.</summary>
internal sealed class SessionAnswer(Session session, Guid? current)
{
    /// <summary>The session's id.</summary>
    [JsonPropertyName("id")]
    public Guid Id { get; } = session.Id;

    /// <summary>When it began.</summary>
    [JsonPropertyName("created_at")]
    public DateTimeOffset CreatedAt { get; } = session.CreatedAt;

    /// <summary>When it was last refreshed; null if never.</summary>
    [JsonPropertyName("refreshed_at")]
    public DateTimeOffset? RefreshedAt { get; } = session.State.RefreshedAt;

    /// <summary>Its end, however often it is refreshed.</summary>
    [JsonPropertyName("expires_at")]
    public DateTimeOffset ExpiresAt { get; } = session.ExpiresAt;

    /// <summary>Its end if it is not refreshed before.</summary>
    [JsonPropertyName("idle_expires_at")]
    public DateTimeOffset IdleExpiresAt { get; } = session.State.IdleExpiresAt;

    /// <summary>From where it began.</summary>
    [JsonPropertyName("ip_address")]
    public string? IpAddress { get; } = session.IpAddress;

    /// <summary>With what program it began.</summary>
    [JsonPropertyName("user_agent")]
    public string? UserAgent { get; } = session.UserAgent;

    /// <summary>A name to know it by.</summary>
    [JsonPropertyName("label")]
    public string? Label { get; } = session.Label;

    /// <summary>Whether it is the one that asks.</summary>
    [JsonPropertyName("current")]
    public bool Current { get; } = session.Id == current;
}

/// <summary>A page of the account's live sessions, newest first.</summary>
internal sealed class SessionListAnswer : IAnswerBody<SessionListAnswer>
{
    /// <summary>Makes a page.</summary>
    /// <param name="sessions">One more than the page takes, if there is one more.</param>
    /// <param name="limit">What the page takes.</param>
    /// <param name="current">The session that asks.</param>
    public SessionListAnswer(IReadOnlyList<Session> sessions, int limit, Guid? current)
    {
        Sessions = [.. sessions.Take(limit).Select(session => new SessionAnswer(session, current))];
        Next = sessions.Count > limit ? Sessions[^1].Id : null;
    }

    /// <inheritdoc />
    public static JsonTypeInfo<SessionListAnswer> TypeInfo => WireJson.Default.SessionListAnswer;

    /// <summary>The sessions.</summary>
    [JsonPropertyName("sessions")]
    public IReadOnlyList<SessionAnswer> Sessions { get; }

    /// <summary>What to send as <c>before</c> for the next page; null on the last.</summary>
    [JsonPropertyName("next")]
    public Guid? Next { get; }
}
