using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>A page of the account's live sessions, newest first.</summary>
internal sealed class SessionListResponse : IResponseBody<SessionListResponse>
{
    /// <inheritdoc />
    public static JsonTypeInfo<SessionListResponse> TypeInfo => WireJson.Default.SessionListResponse;

    [JsonPropertyName("sessions")]
    [Description("The sessions, newest first.")]
    public required IReadOnlyList<SessionResponse> Sessions { get; init; }

    [JsonPropertyName("next")]
    [Description("What to send as `before` for the next page; null on the last.")]
    public required Guid? Next { get; init; }

    /// <param name="sessions">The sessions of the page, and one more if there is one.</param>
    /// <param name="limit">The greatest number of sessions on the page.</param>
    /// <param name="current">The session that sent the request.</param>
    public static SessionListResponse Of(IReadOnlyList<Session> sessions, int limit, Guid? current)
    {
        SessionResponse[] page = [.. sessions.Take(limit).Select(session => SessionResponse.Of(session, current))];
        return new SessionListResponse { Sessions = page, Next = sessions.Count > limit ? page[^1].Id : null };
    }
}
