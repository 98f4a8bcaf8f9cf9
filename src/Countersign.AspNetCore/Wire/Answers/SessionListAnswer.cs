using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Answers;

/// <summary>A page of the account's live sessions, newest first.</summary>
internal sealed class SessionListAnswer : IAnswerBody<SessionListAnswer>
{
    /// <inheritdoc />
    public static JsonTypeInfo<SessionListAnswer> TypeInfo => WireJson.Default.SessionListAnswer;

    [JsonPropertyName("sessions")]
    [Description("The sessions, newest first.")]
    public required IReadOnlyList<SessionAnswer> Sessions { get; init; }

    [JsonPropertyName("next")]
    [Description("What to send as `before` for the next page; null on the last.")]
    public required Guid? Next { get; init; }

    /// <summary>Makes a page.</summary>
    /// <param name="sessions">One more than the page takes, if there is one more.</param>
    /// <param name="limit">What the page takes.</param>
    /// <param name="current">The session that asks.</param>
    public static SessionListAnswer Of(IReadOnlyList<Session> sessions, int limit, Guid? current)
    {
        SessionAnswer[] page = [.. sessions.Take(limit).Select(session => SessionAnswer.Of(session, current))];
        return new SessionListAnswer { Sessions = page, Next = sessions.Count > limit ? page[^1].Id : null };
    }
}
